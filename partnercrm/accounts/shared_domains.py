"""Domains that many companies share, and so say nothing of who one is: facts, gathered by hand."""

from typing import Final

FREE_MAIL: Final = frozenset(
    "126.com 139.com 163.com 21cn.com 9online.fr aim.com aliceadsl.fr aliyun.com alice.it aol.com aol.de"
    " arcor.de atlas.cz att.net bellsouth.net bigpond.com bk.ru bluewin.ch bol.com.br bt.com btinternet.com"
    " centrum.cz charter.net chello.at chello.nl comcast.net cox.net daum.net earthlink.net email.com email.cz"
    " email.de fastmail.com fastmail.fm foxmail.com free.fr freemail.hu freenet.de frontier.com gmail.com gmx.at"
    " gmx.ch gmx.com gmx.de gmx.net googlemail.com hanmail.net hey.com home.nl hotmail.be hotmail.co.jp"
    " hotmail.co.uk hotmail.com hotmail.de hotmail.es hotmail.fr hotmail.it hotmail.nl hushmail.com icloud.com"
    " ig.com.br inbox.lv inbox.ru inode.at interia.pl kabelmail.de kpnmail.nl laposte.net libero.it list.ru"
    " live.be live.ca live.cn live.co.uk live.com live.de live.fr live.nl mac.com mail.bg mail.com mail.de"
    " mail.ee mail.ru mailbox.org me.com msn.com nate.com naver.com neuf.fr numericable.fr o2.pl online.de"
    " online.no onet.pl op.pl optonline.net optusnet.com.au orange.fr outlook.at outlook.com outlook.de"
    " outlook.es outlook.fr outlook.jp planet.nl poczta.onet.pl posteo.de proton.me protonmail.ch protonmail.com"
    " qq.com rambler.ru rediffmail.com rocketmail.com rogers.com sapo.pt sbcglobal.net seznam.cz sfr.fr shaw.ca"
    " sina.cn sina.com sky.com skynet.be sohu.com sympatico.ca t-online.de talktalk.net telenet.be telia.com"
    " terra.com.br tiscali.it tlen.pl tuta.io tutanota.com ukr.net uol.com.br verizon.net vip.163.com vip.qq.com"
    " virgilio.it virginmedia.com vodafone.de volny.cz wanadoo.fr web.de windstream.net wp.pl xs4all.nl"
    " xtra.co.nz ya.ru yahoo.ca yahoo.co.id yahoo.co.in yahoo.co.jp yahoo.co.uk yahoo.com yahoo.com.au"
    " yahoo.com.br yahoo.com.cn yahoo.com.mx yahoo.com.tw yahoo.de yahoo.es yahoo.fr yahoo.in yahoo.it yandex.com"
    " yandex.ru yeah.net ymail.com zoho.com zoznam.sk ziggo.nl".split()
)
"""Where anybody has a mailbox."""

LINK_PAGES: Final = frozenset(
    "about.me angel.co behance.net bit.ly bitbucket.org blogger.com blogspot.com business.site calendly.com"
    " crunchbase.com discord.gg duckduckgo.com ebay.com etsy.com eventbrite.com facebook.com fb.com fb.me"
    " flickr.com github.com github.io gitlab.com glassdoor.com godaddy.com goo.gl google.com indeed.com"
    " indiamart.com instagram.com issuu.com jimdo.com jimdofree.com kickstarter.com linkedin.com linktr.ee"
    " lnkd.in made-in-china.com medium.com meetup.com myshopify.com netlify.app notion.site opencorporates.com"
    " ow.ly pinterest.com quora.com reddit.com sharepoint.com site123.me sites.google.com slideshare.net"
    " snapchat.com soundcloud.com squarespace.com strikingly.com substack.com t.co t.me telegram.me tiktok.com"
    " tinyurl.com trustpilot.com tumblr.com twitter.com ueniweb.com vercel.app vimeo.com vk.com wa.me webnode.com"
    " weebly.com weibo.com whatsapp.com wikidata.org wikipedia.org wix.com wixsite.com wordpress.com x.com"
    " xing.com yellowpages.com yelp.com youtu.be youtube.com zoominfo.com".split()
)
"""Where a company is written about, or has a page beside everybody else's."""

SHARED: Final = FREE_MAIL | LINK_PAGES
