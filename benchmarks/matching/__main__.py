"""`python -m benchmarks.matching NAME SIZE`: match generated lists once, in a process of its own; prints JSON.

NAME is `partnercrm` or a peer, SIZE how many companies a side has. The clock runs from the lists to the scored pairs.
"""

import json
import resource
import sys
import time
from pathlib import Path

from benchmarks.matching.generated import generated
from benchmarks.matching.ours import partnercrm
from benchmarks.matching.peers import RUNS
from benchmarks.matching.quality import quality

SEED = 11


def main() -> None:
    name, size = sys.argv[1], int(sys.argv[2])
    lists = generated("generated", size, SEED)
    before = _most_megabytes()
    began = time.perf_counter()
    found = ({"partnercrm": partnercrm} | RUNS)[name](lists)
    seconds = time.perf_counter() - began
    most = _most_megabytes()
    f1 = max(quality(found, lists.truth, threshold / 20).f1 for threshold in range(1, 20))
    told = {"seconds": seconds, "megabytes": most, "lists": before, "pairs": len(found), "best_f1": f1}
    print(json.dumps(told))


def _most_megabytes() -> int:
    """Return what this program held at most; `getrusage` tells of what started it, where that held more."""
    status = Path("/proc/self/status")
    if status.exists():
        (line,) = (line for line in status.read_text().splitlines() if line.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024**2


if __name__ == "__main__":
    main()
