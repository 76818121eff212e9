"""`python -m benchmarks.matching NAME SIZE`: match generated lists once, in a process of its own; prints JSON.

NAME is `partnercrm` or a peer, SIZE how many companies a side has. The clock runs from the lists to the scored pairs.
"""

import json
import resource
import sys
import time

from benchmarks.matching.generated import generated
from benchmarks.matching.ours import partnercrm
from benchmarks.matching.peers import RUNS
from benchmarks.matching.quality import quality

SEED = 11


def main() -> None:
    name, size = sys.argv[1], int(sys.argv[2])
    lists = generated("generated", size, SEED)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    began = time.perf_counter()
    found = ({"partnercrm": partnercrm} | RUNS)[name](lists)
    seconds = time.perf_counter() - began
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    f1 = max(quality(found, lists.truth, threshold / 20).f1 for threshold in range(1, 20))
    told = {"seconds": seconds, "megabytes": most // 1024, "lists": before // 1024, "pairs": len(found), "best_f1": f1}
    print(json.dumps(told))


if __name__ == "__main__":
    main()
