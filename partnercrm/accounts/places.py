"""Names of places in names of companies, which part the companies of one group: facts, gathered by hand.

Written as `normalising.words` reads them: any case and accents; two words that name one place are joined by a hyphen.
"""

from typing import Final

COUNTRIES: Final = {
    "AE": "emirates uae dubai abu-dhabi",
    "AR": "argentina argentine argentinien",
    "AT": "austria osterreich oesterreich autriche oostenrijk",
    "AU": "australia australien australie",
    "BE": "belgium belgie belgien belgique belgica",
    "BG": "bulgaria bulgarien bulgarije",
    "BR": "brazil brasil brasilien bresil brazilie",
    "CA": "canada kanada",
    "CH": "switzerland schweiz suisse svizzera suiza zwitserland",
    "CL": "chile",
    "CN": "china chine prc",
    "CO": "colombia kolumbien",
    "CZ": "czech czechia tschechien ceska cesko",
    "DE": "germany deutschland allemagne alemania germania duitsland tyskland niemcy",
    "DK": "denmark danmark danemark denemarken",
    "EE": "estonia eesti estland",
    "EG": "egypt agypten",
    "ES": "spain espana spanien espagne spanje",
    "FI": "finland suomi finnland finlande",
    "FR": "france frankreich francia frankrijk",
    "GB": "uk gb britain england scotland wales united-kingdom great-britain grossbritannien",
    "GR": "greece hellas griechenland",
    "HK": "hongkong hong-kong hk",
    "HR": "croatia hrvatska kroatien",
    "HU": "hungary magyarorszag ungarn hungaria",
    "ID": "indonesia indonesien",
    "IE": "ireland irland irlande",
    "IL": "israel",
    "IN": "india indien inde",
    "IT": "italy italia italien italie",
    "JP": "japan japon nihon",
    "KR": "korea coree south-korea",
    "KZ": "kazakhstan kasachstan",
    "LT": "lithuania lietuva litauen",
    "LU": "luxembourg luxemburg",
    "LV": "latvia latvija lettland",
    "MA": "morocco maroc marokko",
    "MX": "mexico mexiko mexique",
    "MY": "malaysia",
    "NG": "nigeria",
    "NL": "netherlands nederland niederlande holland nederlanden",
    "NO": "norway norge norwegen",
    "NZ": "zealand new-zealand",
    "PE": "peru",
    "PH": "philippines",
    "PK": "pakistan",
    "PL": "poland polska polen pologne",
    "PT": "portugal",
    "RO": "romania rumanien",
    "RS": "serbia srbija serbien",
    "RU": "russia rossiya russland",
    "SA": "saudi-arabia ksa saudi",
    "SE": "sweden sverige schweden suede zweden",
    "SG": "singapore singapur",
    "SI": "slovenia slovenija slowenien",
    "SK": "slovakia slovensko slowakei",
    "TH": "thailand",
    "TR": "turkey turkiye turkei",
    "TW": "taiwan",
    "UA": "ukraine ukraina",
    "US": "usa america united-states us",
    "VN": "vietnam viet-nam",
    "ZA": "south-africa suedafrika",
}

PEOPLES: Final = (
    "american austrian australian belgian brazilian british canadian chinese czech danish deutsche dutch english"
    " european finnish francaise french german greek hungarian iberian iberica indian indonesian irish israeli italian"
    " italiana japanese korean mexican nippon nordic norsk norwegian polish polski portuguese russian scandinavian"
    " scottish singaporean spanish suomen svenska swedish swiss taiwan thai turk turkish ukrainian vietnamese"
    " espanola nederlandse dansk schweizerische osterreichische africa african arab arabian asia asian"
    " caribbean"
)
"""Words of belonging to a country or continent: they stand in a name as often as they part a subsidiary from it."""

REGIONS: Final = (
    "europe europa emea apac asia asean americas latin-america latam north-america south-america middle-east benelux"
    " dach nordics baltics cee mena gulf africa overseas eurasia oceania balkan caucasus"
)

CITIES: Final = (
    "aachen aberdeen adelaide amsterdam ankara antwerp antwerpen athens atlanta auckland augsburg austin bangalore"
    " bangkok barcelona basel beijing belfast bengaluru bergen berlin bern bilbao birmingham bochum bologna bombay bonn"
    " bordeaux boston bratislava bremen brisbane bristol brno brussels bucharest budapest buffalo busan cairo calcutta"
    " calgary cambridge canton cardiff charlotte chemnitz chengdu chennai chicago chongqing cincinnati cleveland"
    " cologne colorado copenhagen dalian dallas danzig delhi denver detroit dortmund dresden dublin duisburg durban"
    " dusseldorf edinburgh edmonton eindhoven essen florence frankfurt freiburg fukuoka gdansk geneva genoa ghent"
    " glasgow gothenburg graz grenoble groningen guangdong guangzhou haarlem hague halle hamburg hangzhou hannover"
    " hanoi heidelberg helsinki hiroshima hobart honolulu houston hyderabad indianapolis innsbruck istanbul izmir"
    " jakarta jena jiangsu johannesburg kansas karachi karlsruhe kassel kiel kiev kobe koln kolkata krakow kyiv kyoto"
    " lahore lausanne leeds leicester leiden leipzig lille lima linz lisbon liverpool ljubljana lodz london lugano lyon"
    " madras madrid maastricht magdeburg malmo manchester manila mannheim marseille melbourne miami milan milano"
    " milwaukee minneapolis minsk montevideo montreal moscow mumbai munchen munich munster nagoya nanjing nantes naples"
    " nashville newcastle nice nottingham nurnberg nuremberg odense odessa osaka oslo ottawa oxford palermo paris"
    " perth philadelphia pittsburgh plymouth portland porto potsdam poznan prague praha pune qingdao quebec reims"
    " rennes riga rome roma rostock rotterdam salzburg santiago sapporo seattle seoul seville shandong shanghai"
    " sheffield shenzhen sofia southampton stockholm strasbourg stuttgart surabaya suzhou sydney taipei tallinn tampa"
    " tampere tehran thessaloniki tianjin tokyo toronto toulouse trieste trondheim turin tucson turku ulm utrecht"
    " valencia valparaiso vancouver venice verona vienna vilnius warsaw warszawa wellington wien wiesbaden winnipeg"
    " wroclaw wuhan wurzburg xiamen yokohama york zagreb zaragoza zhejiang zurich"
    " alabama alaska arizona arkansas california carolina connecticut dakota delaware florida georgia hawaii idaho"
    " illinois indiana iowa kentucky louisiana maine maryland massachusetts michigan minnesota mississippi missouri"
    " montana nebraska nevada hampshire jersey ohio oklahoma oregon pennsylvania tennessee texas utah vermont virginia"
    " washington wisconsin wyoming ontario alberta manitoba saskatchewan bavaria bayern hessen sachsen thuringen"
    " brandenburg tirol catalonia andalucia flanders scotland yorkshire queensland victoria"
)
"""Large cities, and states and provinces."""
