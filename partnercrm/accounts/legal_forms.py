"""The legal forms of companies by country, as they are written: facts, gathered by hand.

Each line holds the spellings of one form, most usual first; words are lower case, without accents and dots, and a run
of single letters is one word (`s.p.a.` is `spa`), as `normalising.words` leaves them. `WRITTEN_TOGETHER` are those of
scripts that are read otherwise.
"""

from typing import Final

BY_COUNTRY: Final[dict[str, tuple[str, ...]]] = {
    "AE": ("fze", "fzco", "fz llc", "dmcc", "free zone company", "free zone establishment"),
    "AR": ("saic", "saci", "sacif", "saicf", "sau", "srl"),
    "AT": ("gmbh", "gesmbh", "ges mbh", "ag", "og", "kg", "eu", "keg", "flexco"),
    "AU": ("pty ltd|pty limited|proprietary limited|pty", "ltd|limited", "nl|no liability"),
    "BE": ("nv|naamloze vennootschap", "bvba", "bv", "sprl", "srl", "cvba", "scrl", "cv", "sca", "comm v", "asbl|vzw"),
    "BG": ("ead", "ad", "eood", "ood", "еад", "ад", "еоод", "оод", "ет"),
    "BR": ("sa", "ltda|limitada", "eireli", "epp", "mei", "sociedade anonima"),
    "BY": ("оао", "зао", "ооо", "чуп", "уп"),
    "CA": ("inc", "ltd|limited|ltee|limitee", "corp", "ulc|unlimited liability company"),
    "CH": ("ag", "sa", "gmbh", "sarl", "sagl", "genossenschaft", "klg"),
    "CL": ("spa", "sa", "ltda", "eirl"),
    "CN": ("co ltd|company limited", "limited liability company", "wfoe", "joint stock company", "inc ltd"),
    "CO": ("sas", "sa esp|esp", "sa", "ltda", "sca"),
    "CZ": ("as|akciova spolecnost", "sro|spol sro|spolecnost s rucenim omezenym", "vos", "ks", "zs", "sp"),
    "DE": (
        "gmbh|gesellschaft mit beschrankter haftung|gesellschaft mbh|ges mbh|mbh",
        "ag|aktiengesellschaft|aktienges",
        "gmbh co kg|gmbh co kgaa|gmbh co ohg|gmbh cie kg|ag co kg|ag co kgaa|se co kgaa|se co kg|ug co kg",
        "kg|kommanditgesellschaft|co kg",
        "kgaa|kommanditgesellschaft auf aktien",
        "ohg|offene handelsgesellschaft",
        "gbr|gesellschaft burgerlichen rechts",
        "ug|ug haftungsbeschrankt|unternehmergesellschaft|haftungsbeschrankt",
        "eg|eingetragene genossenschaft|genossenschaft",
        "ev|eingetragener verein",
        "ek|eingetragener kaufmann|ekfm",
        "partg|partg mbb|partgmbb",
        "ggmbh|gag",
        "vvag",
        "stiftung co kg",
        "se|societas europaea|europaische gesellschaft|societe europeenne",
    ),
    "DK": ("as|aktieselskab", "aps|anpartsselskab", "ivs", "ks", "is", "amba", "ps"),
    "EE": ("ou|osauhing", "as|aktsiaselts", "mtu", "tu"),
    "EG": ("sae",),
    "ES": (
        "sa|sociedad anonima",
        "sl|sociedad limitada|srl|sociedad de responsabilidad limitada",
        "slu|sociedad limitada unipersonal",
        "sau|sociedad anonima unipersonal",
        "sll|sal|slne|slp|sccl|scoop|s coop|sociedad cooperativa",
        "aie|ute",
    ),
    "FI": ("oyj|abp|julkinen osakeyhtio", "oy|osakeyhtio|oy ab|oy ltd|ab oy", "ky", "tmi", "ry", "osk"),
    "FR": (
        "sa|societe anonyme",
        "sas|societe par actions simplifiee",
        "sasu",
        "sarl|societe a responsabilite limitee",
        "eurl",
        "snc|societe en nom collectif",
        "sci|societe civile immobiliere|scp|scm|societe civile",
        "sca|scs|societe en commandite par actions",
        "gie|groupement d interet economique",
        "scop|selarl|selas|eirl|cie|compagnie",
    ),
    "GB": (
        "ltd|limited|private limited company",
        "plc|public limited company",
        "llp|limited liability partnership",
        "lp|limited partnership",
        "cic|community interest company",
        "cio|unltd|unlimited",
        "co|company",
    ),
    "GE": ("shps",),
    "GR": (
        "ae|anonimi etairia|anonymi etairia|sa",
        "epe|etairia periorismenis efthynis",
        "oe",
        "ee",
        "ike",
        "abee|aebe",
    ),
    "HK": ("ltd|limited|company limited|co ltd",),
    "HR": ("doo|drustvo s ogranicenom odgovornoscu", "dd|dionicko drustvo", "jdoo"),
    "HU": ("kft|korlatolt felelossegu tarsasag", "zrt", "nyrt", "rt", "bt", "kkt", "kht", "nonprofit kft"),
    "ID": ("pt|perseroan terbatas|pt tbk", "tbk|terbuka", "cv"),
    "IE": ("dac|designated activity company", "clg", "ltd|limited|teoranta|teo", "plc|cpt", "uc"),
    "IL": ("ltd",),
    "IN": ("pvt ltd|private limited|pvt limited|p ltd|pvt|private ltd", "ltd|limited", "llp", "opc"),
    "IS": ("hf|hlutafelag", "ehf|einkahlutafelag", "ohf", "sf"),
    "IT": (
        "spa|societa per azioni",
        "srl|societa a responsabilita limitata|srls|srlu",
        "sapa",
        "snc|sas|ss|societa semplice",
        "scarl|scrl|scpa|soc coop|societa cooperativa|coop|cooperativa sociale",
    ),
    "JP": ("kk|kabushiki kaisha|kabushiki gaisha|kabushikikaisha", "yk|yugen kaisha", "gk|godo kaisha", "co ltd"),
    "KR": ("co ltd", "jusikhoesa|chusik hoesa", "yuhan hoesa"),
    "KZ": ("тоо|too", "ао", "жшс"),
    "LI": ("anstalt", "ag"),
    "LT": ("uab|uzdaroji akcine bendrove", "ab|akcine bendrove", "mb", "vsi"),
    "LU": ("sa", "sarl", "sca", "scsp", "secs", "sicav", "sicaf", "fcp", "soparfi"),
    "LV": ("sia|sabiedriba ar ierobezotu atbildibu", "as|akciju sabiedriba", "ik"),
    "MX": (
        "sa de cv|sociedad anonima de capital variable|sadecv",
        "sab de cv|sapi de cv|sab",
        "s de rl de cv|s de rl|sc de rl|s rl de cv|srl de cv",
        "sc|ac|sofom enr|sofom er",
    ),
    "MY": ("sdn bhd|sendirian berhad|sdn berhad", "bhd|berhad", "plt"),
    "NL": (
        "bv|besloten vennootschap|besloten vennootschap met beperkte aansprakelijkheid",
        "nv|naamloze vennootschap",
        "vof|vennootschap onder firma",
        "cv|commanditaire vennootschap",
        "ua|cooperatief ua|cooperatie ua|wa|ba|bvio",
        "stichting",
    ),
    "NO": ("as|aksjeselskap", "asa|allmennaksjeselskap", "ans", "da", "nuf", "enk", "sa"),
    "NZ": ("ltd|limited", "lp"),
    "PE": ("sac", "saa", "eirl", "sa"),
    "PH": ("inc", "corp", "opc"),
    "PK": ("pvt ltd|private limited", "smc pvt"),
    "PL": (
        "sp zoo|spolka zoo|spolka z ograniczona odpowiedzialnoscia|spzoo|sp z oo|spolka z oo",
        "sa|spolka akcyjna",
        "sp k|spk|sp zoo spk|spolka komandytowa|sp zoo sp k|spolka zoo spk|spolka zoo spolka komandytowa",
        "sp j|spj|spolka jawna|ska|psa|sp p",
    ),
    "PT": ("lda|limitada", "sa", "unipessoal lda|unipessoal", "sgps", "crl", "ace"),
    "RO": ("srl|societate cu raspundere limitata|sc", "sa|societate pe actiuni", "pfa", "srl d"),
    "RS": ("doo", "ad|akcionarsko drustvo", "доо", "ад", "pr"),
    "RU": (
        "ооо|общество с ограниченной ответственностью|ooo|obshchestvo s ogranichennoy otvetstvennostyu",
        "пао|публичное акционерное общество|pao|pjsc|public joint stock company",
        "ао|акционерное общество|ao|jsc|joint stock company",
        "зао|закрытое акционерное общество|zao|cjsc|closed joint stock company",
        "оао|открытое акционерное общество|oao|ojsc|open joint stock company",
        "нпао|нао|фгуп|гуп|муп|ип|fgup",
    ),
    "SA": ("wll", "llc", "ssc", "csc", "sjsc"),
    "SE": (
        "ab|aktiebolag|aktiebolaget|ab publ|publ",
        "hb|handelsbolag",
        "kb|kommanditbolag",
        "ek for|ekonomisk forening",
    ),
    "SG": ("pte ltd|private limited|pte limited|pte", "llp", "ltd"),
    "SI": ("doo", "dd", "dno", "sp"),
    "SK": ("as|akciova spolocnost", "sro|spol sro|spolocnost s rucenim obmedzenym", "vos"),
    "TH": ("co ltd", "pcl|public company limited|plc", "ltd part|ltd partnership"),
    "TN": ("suarl", "sarl", "sa"),
    "TR": (
        "as|anonim sirketi|anonim sti|asirketi",
        "ltd sti|limited sirketi|ltd sirketi|limited sti",
        "tas|tic as|tic ltd sti|san tic as|san ve tic as|san ve tic ltd sti|san tic ltd sti",
        "koll sti|kom sti|sti|sirketi",
    ),
    "TW": ("co ltd|company limited", "corp", "inc"),
    "UA": ("тов|tov|товариство з обмеженою відповідальністю", "пат|прат|pat|prat", "тдв", "фоп", "дп"),
    "US": (
        "inc|incorporated|inc the",
        "corp|corporation|corporations",
        "llc|limited liability company|limited liability co",
        "llp|lllp|rllp",
        "lp|l p|limited partnership",
        "pllc|pc|professional corporation|pa|chtd",
        "co|company|companies|cos|co inc|company inc|co llc",
        "pbc|na|national association|fsb|ssb|ltd co|ltd liability co",
    ),
    "VN": ("jsc|joint stock company|ctcp", "tnhh|cong ty tnhh|cong ty co phan|cong ty"),
    "ZA": ("pty ltd|proprietary limited", "cc|close corporation", "npc", "rf ltd|soc ltd", "inc"),
}

WRITTEN_TOGETHER: Final[dict[str, tuple[str, ...]]] = {
    "kk": ("株式会社", "(株)", "カブシキガイシャ"),
    "yk": ("有限会社", "(有)"),
    "gk": ("合同会社", "(同)"),
    "ltd": (
        *(
            "股份有限公司",
            "有限责任公司",
            "有限責任公司",
            "集团有限公司",
            "控股有限公司",
            "有限公司",
            "股份公司",
            "公司",
        ),
        *("주식회사", "유한회사", "유한책임회사", "(주)", "(유)"),
        *("จำกัด (มหาชน)", "จำกัด(มหาชน)", "จำกัด", "บริษัท", "บมจ.", "บจก."),
        *("ش.م.ع", "ش.ذ.م.م", "ذ.م.م", "ش.م.م", "شركة"),
        *('בע"מ', "בע״מ", "בעמ"),
    ),
}
"""Forms of scripts that put no space between words, or write them in a word's own signs, by what they come to."""

ANYWHERE: Final = frozenset(
    "aps bhd bv bvba cjsc eeig eood epe gesmbh ggmbh gmbh inc incorporated kft kgaa kommanditgesellschaft llc llp"
    " ltd ltda nv nyrt ojsc ooo oyj pjsc plc pllc pte pvt sarl sdn sprl srl sro uab zrt aktiengesellschaft".split()
)
"""Words that are a legal form wherever they stand; the others are one only at an end of a name."""

BEFORE_THE_NAME: Final = frozenset(
    "ab ad aktiebolaget ao as bv cjsc cv doo ead eood fgup gk jsc kabushiki kk ltd nv oao ojsc ood ooo ou oy oyj pao"
    " pat pjsc prat pt sa sarl sas sia srl too tov uab zao".split()
)
"""Forms of one or two words that are also written before the name; longer ones may stand there in any case."""
