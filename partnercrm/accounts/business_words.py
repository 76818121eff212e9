"""Words that many companies have in their names, and so say little of which one is meant: facts, gathered by hand.

Written as `normalising.words` reads them: any case and accents. What stands in none of these lists names its owner.
"""

from typing import Final

HOLLOW: Final = (
    "group gruppe groupe grupo gruppo gruppen groep gruppa grup koncern concern konzern holding holdings international"
    " internationale internacional internazionale global worldwide world enterprise enterprises entreprise empresas"
    " unternehmen unternehmensgruppe gesellschaft company companies corporation corporate business partners partner"
    " associates associated association com net online web www official headquarters hq brands brand parent listed"
    " participations beteiligungs beteiligungen verwaltungs verwaltung koninklijke royal firma firm house the"
    " incorporated limited stock shares depositary receipts registered ordinary class adr ventures venture co"
)
"""Words that come and go: with or without them it is mostly the same company."""

TRADES: Final = (
    "accounting advertising advisors advisory aero aerospace agency agri agriculture air airlines airport airways"
    " alliance analytics apparel appliances architects architecture art arts asset assets audio audit auto automation"
    " automobile automobiles automotive aviation bakery bancorp bancshares bank bankasi banking banks bar battery"
    " beauty beer beverage beverages bio biologics biomedical biosciences biotech biotechnology biotherapeutics"
    " boats books bottling brewery brewing broadcasting brothers building buildings bus cable cafe capital car cards"
    " care cargo cars casino catering cement center ceramics chain chamber charity chemical chemistry church"
    " cinema city clean cleaning clinic clinical cloud club coal coatings coffee college commerce commercial"
    " commodities communication community components computer computers computing concept concrete construction"
    " consult consultants consulting consumer container contracting control controls cooperative copper corp cosmetics"
    " council craft creative credit cruise cyber dairy data defence defense delivery dental department design designs"
    " development developments devices diagnostics digital direct distribution distributors drilling drinks drug"
    " dynamics eastern education educational electric electrical electricity electronic electronics elevator"
    " employment energy engine engineering engines entertainment environment environmental equipment equities equity"
    " estate estates events exchange exploration export express fabrics factory farm farms fashion federal"
    " federation fertilizer fertilizers fiber film films finance financial fire first fish fisheries fishing fitness"
    " fleet flight flooring food foods footwear forest forestry foundation foundry freight fruit fuel fuels fund funds"
    " furniture futures gallery game games gaming gas general genetics glass gold golf government grain graphics green"
    " growth hardware harbour health healthcare heating heavy high home homes hospital hospitality hotel hotels housing"
    " human imaging import income independent industrial industry infrastructure innovation innovations institute"
    " instruments insurance integrated intelligence interactive interior internet investment investments investors"
    " iron jewelry journal knowledge lab laboratory land language laser law leader leasing leather legal leisure"
    " library life light lighting line linen lines lithium living loans local lodge logistics lumber machine"
    " machinery machines magazine mail maintenance management manufacturing marine maritime market marketing markets"
    " materials mechanical media medical medicine merchants metal metallurgical metals micro microelectronics mill"
    " mills mine mineral minerals mining mobile mobility money mortgage motor motors movies municipal museum music"
    " mutual national natural navigation network networks new news nuclear nursing nutrition ocean office oil old"
    " optical optics organic packaging paint pack paper park parks parts passenger pension people performance"
    " petrochemical petrochemicals petroleum pharma pharmaceutical pharmacy phone photo physics pictures pipe"
    " pipeline plant plastic plastics platform plumbing polymer polymers port ports post postal poultry power"
    " precious precision press print printing private process processing produce production productions products"
    " professional program project projects promotion properties property protection public publications publishers"
    " publishing pulp pump pumps quality quantum quick radio rail railroad railway real realty recruitment recycling"
    " refinery refining refrigeration rehabilitation reinsurance renewable renewables rental research reserve"
    " residential resort resorts resource resources restaurant restaurants retail retailers retirement rice risk"
    " river road robotics rubber safety sales salt satellite savings school schools science sciences scientific sea"
    " seafood securities security seed seeds semiconductor semiconductors sensors service shipbuilding shipping ships"
    " shoes shop shopping shops silicon silver smart snacks social society software soft solar solution source space"
    " special specialty sport sports staffing standard star state stationery steel storage store stores strategic"
    " structures studio studios style sugar supermarkets supply surface surgical sustainable sweets switch system"
    " tanker tankers tape tax taxi tea team technical technology telecom telecommunication telegraph telephone"
    " television textile textiles theatre therapeutics thermal tickets timber tire tires title tobacco tools total"
    " tourism towers toys trade traders trading traffic training transfer transit transmission transport"
    " transportation travel treatment truck trucks trust tube tubes tv united university urban utilities utility"
    " vaccine vaccines valley value valves vehicle vehicles veterinary video vision warehouse waste watch water waves"
    " wealth wear weaving welding wellness western wheel wholesale wind wine wines wire wireless women wood wool works"
    " workshop yachts young youth zinc"
    # German, Dutch, the North
    " anlagen anlagenbau apotheke apparatebau auto autohaus backerei baugesellschaft bau bauunternehmen bauwerke"
    " beratung bergbau betriebs brauerei buro dienst dienste dienstleistungen druck druckerei elektro elektronik"
    " elektrotechnik energie ernahrung fabrik fahrzeugbau fahrzeuge fenster finanz fleischerei flughafen forderung"
    " forschung gas gaststatten gebaude gerate handel handels haus haustechnik hof immobilien industrie ingenieurburo"
    " institut kabel klinik kraftwerke krankenhaus kredit kunststoff kunststofftechnik landwirtschaft lebensmittel"
    " leben logistik maschinen maschinenbau maschinenfabrik medien medizin medizintechnik metallbau metallwaren mobel"
    " motoren nahrung papier pflege praxis produktion projekt reisen sanitar schule sparkasse spedition stadt"
    " stadtwerke stahl stahlbau stiftung system systeme technik technologie telekom transporte treuhand umwelt verein"
    " verkehr verlag verpackung versand versicherung versicherungs versicherungen vertrieb vertriebs volksbank waren"
    " wasser werbung werk werke werkzeugbau wirtschaft wohnbau wohnen zeitung zement zentrum bouw bouwbedrijf beheer"
    " bedrijf diensten drukkerij handelsonderneming installatie onderneming onroerend techniek uitgeverij vastgoed"
    " verzekeringen ziekenhuis fabriek fabrieken bygg bolag eiendom entreprenor fastigheter fastighets forsikring"
    " forsakring invest kiinteisto kraft oljy osuuskunta osuuspankki rakennus rederi sahko skog vakuutus verk"
    # French, Spanish, Portuguese, Italian
    " assurance assurances atelier ateliers batiment boulangerie chimie commerce conseil constructions credit"
    " distribution eau eaux ecole editions electricite energies entreprises etablissements financiere fonciere"
    " gestion habitat hopital hotel immobilier immobiliere industries industriel investissement investissements"
    " laboratoire laboratoires maison materiaux metaux pharmacie presse produits recherche sante services societe"
    " technique techniques transports travaux union usine verre vins voyages aceros agricola agua aguas alimentos"
    " banco banque banca caja cafe cementos central centro clinica comercial comercio compania constructora"
    " construcciones consultores consultoria distribuidora distribuciones electrica electronica energia exportadora"
    " fabrica farmaceutica ferrocarriles financiera fundacion hospital hoteles importadora industria industrial"
    " industrias ingenieria inmobiliaria instituto inversiones inversora maquinaria mercado minera muebles nacional"
    " navegacion papel pesquera petroleos produtos productos proyectos quimica saneamento saude seguros servicios"
    " servicos siderurgica sistemas sociedad sociedade suministros talleres tecnica tecnologia telefonica transportes"
    " universidad viajes agricola alimentari assicurazioni autostrade azienda cartiere casa ceramica chimica"
    " commerciale costruzioni edilizia elettrica elettronica farmaceutici finanziaria immobiliare impianti impresa"
    " industriale ingegneria istituto laboratori macchine mobili officine ospedale prodotti servizi sistemi societa"
    " studio tecnologie trasporti vini"
    # Central and Eastern Europe, Turkey
    " banka bank biuro budowlane budownictwo energetyka fabryka handlowe inwestycje nieruchomosci produkcja"
    " przedsiebiorstwo spoldzielnia towarzystwo transport ubezpieczenia uslugi zaklady stavebni obchodni pojistovna"
    " sluzby strojirny vyroba zavod zavody alapkezelo epito ingatlan ipari kereskedelmi szolgaltato biztosito"
    " kompania torgovyy dom stroy neft gaz metall mash prom promyshlennost transgaz sanayi ticaret insaat gida tekstil"
    " turizm nakliyat otomotiv sigorta yatirim enerji madencilik pazarlama hizmetleri dis ve"
    # East and South-East Asia as it is written in Latin script
    " denki denko kagaku kogyo kogyosho kensetsu seiki seisakusho seiyaku shoji shokuhin sangyo tetsudo unyu jidosha"
    " ginko heavy keji jishu gufen jituan shiye fazhan maoyi dianzi jixie huagong yiyao"
    " jaya perkasa makmur indah abadi nusantara utama mandiri sejahtera agung perdana"
)
"""Trades and plain words: they tell little, and where they differ it is mostly another company."""

POPULAR: Final = (
    "abc ace active advance advanced adventure aim alfa alpha alpine alta ambassador anchor angel apex apollo aqua arc"
    " arch arctic arena argo aries arrow ascent aspen aspire astra atlantic atlantis atlas aurora avalon avanti aviva"
    " axis azure bay beacon bear bell best beta big black blue bluebird bond boston bridge bright brilliant brook"
    " capitol cardinal castle cedar century champion choice circle citizens citadel classic clear clearwater coast"
    " colonial columbia comet compass complete connect continental core corner cosmos cornerstone country crane crest"
    " crescent cross crown crystal dawn delta desert destiny diamond discovery dolphin dragon dream eagle earth east"
    " echo eclipse eden edge elite emerald emperor empire endeavour epsilon equinox essential eternal euro ever"
    " evergreen everest evolution excel excellence explorer fair falcon family fidelity focus forward fortune"
    " foundation fountain four fox freedom frontier fusion future galaxy gamma garden gate gateway gemini genesis"
    " giant glory golden good grand granite great greenfield griffin guardian hammer harbor harmony hawk heritage"
    " hermes hero highland hill hills hope horizon icon ideal imperial infinity inspire inter iris island jade jaguar"
    " juniper jupiter key king kings kingston lake lakes landmark legacy legend liberty lighthouse lion lotus loyal"
    " lucky luna lynx magic magnolia main majestic maple mars master matrix max maximum mega mercury meridian metro"
    " metropolitan midland milestone millennium mint modern monarch monument moon morning mountain nature neptune"
    " nexus noble north northern nova oak oasis olive olympia olympic omega omni one onyx opal optima optimum orange"
    " orbit orchid orient oriental origin orion pacific palace palm panorama paradise paragon paramount pearl pegasus"
    " penguin perfect phoenix pilot pine pinnacle pioneer planet platinum plus point polar poseidon prairie premier"
    " premium prestige pride prima prime primus pro progress prosperity prospect provident pure pyramid quest rainbow"
    " raven ray red regal regency regent reliable reliance renaissance republic rex ridge right rise rock rocky rose"
    " ruby safe sage saint samson san santa sapphire saturn secure select senior sentinel shield sigma signal"
    " signature silk sky snow solid sonic south southern spark spectrum spirit spring springs stella sterling stone"
    " storm stream success summit sun sunrise sunset sunshine super superior supreme swan swift synergy target teal"
    " terra thunder tiger time titan top tower trans treasure trend tri triangle trident trinity triton triumph true"
    " twin ultra unicorn union unique unison unity universal universe uptown valiant valor vanguard vantage vector vega"
    " velocity venture venus vertex vertical victor victoria victory village vintage viking virtue vista vita vital"
    " voyager wave way west white wild windsor wings winner wise wolf wonder yellow zen zenith zeus zone"
    # Names of people
    " adam adams allen anderson baker becker bell bernard black brown campbell carlos carter chan chen clark cooper"
    " cox davis dubois edwards evans fischer fisher garcia george gonzalez gray gupta hall hans harris henry hernandez"
    " hill hoffmann howard huang hughes ivan jackson jacobs james jansen jensen john johnson jones joseph khan kim"
    " klein koch kumar lee lewis li liu lopez martin martinez mason meyer michael miller mitchell moore morgan morris"
    " muller murphy nelson nguyen nielsen olsen park parker patel paul perez peter petersen peterson phillips rao"
    " richter roberts robinson rodriguez rossi russell sanchez schmidt schneider schulz scott shah sharma simon singh"
    " smith stewart suzuki tan taylor thomas thompson turner wagner walker wang ward watson weber white william"
    " williams wilson wolf wong wood wright wu yang young zhang zimmermann"
)
"""Words and family names that many unconnected companies have chosen as their own."""

BRANCHES: Final = (
    "branch branches niederlassung zweigniederlassung filiale filial filialas succursale sucursal subsidiary"
    " representative tochter tochtergesellschaft division divisions department abteilung dealer dealership franchise"
    " franchisee reseller distributor"
)
"""Words that part an establishment from its company."""

SPELLINGS: Final = {
    "advertising": "advert",
    "agriculture": "agric",
    "associates": "assoc",
    "association": "assn",
    "bancorp": "bancorporation",
    "biotech": "biotec biotechnology",
    "brothers": "bros gebr gebroeders gebruder gebrueder",
    "building": "bldg",
    "center": "centre centers centres ctr centro centrum zentrum",
    "chemical": "chem chemicals",
    "communication": "communications comms",
    "computer": "computers comp",
    "construction": "constr constructions",
    "department": "dept",
    "deutsche": "deut deutscher deutsches",
    "development": "dev developments",
    "distribution": "distrib",
    "electric": "elec elect electrical",
    "electronics": "electr electronic",
    "energy": "energie energies energia energi",
    "engineering": "eng engg engr engrg",
    "enterprises": "ent entp enterprise",
    "entertainment": "entertain",
    "environmental": "environ",
    "equipment": "equip",
    "financial": "fin",
    "gesellschaft": "ges",
    "government": "govt",
    "group": "grp gruppe groupe grupo gruppo groep gruppen grupa",
    "holding": "hldg hldgs hlds hldng holdg holdgs holdings",
    "hospital": "hosp",
    "industry": "ind inds indus indust industries industrie industria industrias industri",
    "information": "info",
    "institute": "inst institut instituto istituto",
    "instruments": "instr instrument",
    "insurance": "ins insur assurance assurances versicherung versicherungen seguros",
    "international": "int intern internat internatl internl intl intnl internationale internacional internazionale",
    "investment": "inv invs invest investments investissement investissements",
    "koninklijke": "kon konink koninkl koninklijk royal",
    "laboratory": "lab labs laboratories laboratorium laboratoires laboratoire",
    "logistics": "logist logistik logistic logistique",
    "machinery": "mach",
    "maintenance": "maint",
    "management": "mgmt mgt",
    "manufacturing": "manuf manufact manufacturers mfg mfr",
    "marketing": "mkt mktg mktng",
    "materials": "matls material",
    "medical": "med",
    "motor": "motors",
    "national": "nat natl nacional nazionale",
    "partners": "ptnrs partner",
    "pharmaceutical": "pharm pharma pharmaceuticals pharms farma farmaceutica",
    "products": "prod prods product",
    "properties": "prop pptys property",
    "publishing": "pub publishers",
    "railway": "railways railroad",
    "realty": "rlty",
    "research": "rsch",
    "saint": "sankt sint",
    "science": "sci sciences",
    "securities": "sec secs security",
    "service": "serv services servs svc svcs servicios servicos services",
    "society": "soc societe sociedad societa",
    "software": "sw",
    "solution": "solutions solns",
    "system": "sys syst systems systeme sistemas sistemi",
    "technology": "tec tech techn technol technologies technologie technologien tecnologia tecnologie",
    "telecom": "telecomm telecoms telecommunication telecommunications telekom",
    "trading": "trad",
    "transport": "transp transports transportes trasporti",
    "travel": "trav",
    "united": "utd",
    "university": "univ universitat universite universidad universiteit universita",
    "utilities": "util utility",
    "wholesale": "whsle",
    "worldwide": "ww",
    "works": "wrks",
}
"""Words, and what is short for them or another spelling of them."""

WRITTEN_TOGETHER: Final = {
    "group": "集团 集團 グループ",
    "holding": "ホールディングス 控股",
    "technology": "科技 技术 技術",
    "bank": "银行 銀行",
    "insurance": "保险 保険",
    "securities": "证券 証券",
    "electric": "電機 电器",
    "electronics": "电子 電子",
    "power": "電力 电力",
    "pharmaceutical": "製薬 药业 医药",
    "chemical": "化学 化工",
    "motor": "自動車 汽车",
    "heavy": "重工",
    "industry": "工業 工业 产业 实业 産業",
    "trading": "商事 贸易 物产 物産",
    "construction": "建設 建设",
    "realty": "不動産 地产",
    "railway": "鉄道 铁路",
    "communication": "通信",
    "energy": "能源",
    "oil": "石油",
    "foods": "食品",
    "development": "発展 发展",
    "investment": "投资",
    "international": "国际 國際 国際",
    "china": "中国",
    "japan": "日本",
    "beijing": "北京",
    "shanghai": "上海",
    "shenzhen": "深圳市 深圳",
    "guangzhou": "广州",
    "tokyo": "東京",
    "osaka": "大阪",
}
"""Business words of scripts that put no space between words, by what they mean."""
