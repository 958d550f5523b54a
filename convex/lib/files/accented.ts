/**
 * The accented letters of languages with Latin script, each as "letter:letters before it|letters after it"; a hyphen is
 * the edge of a word. Counted over the words of the languages' spelling dictionaries: of the neighbors of a letter, the
 * commonest that make up 97%.
 */
export const ACCENTED = {
  French: `
    ù:o|- à:l-çjs|- â:lhbrtspmncg-uieédfç|tmcnlbipg æ:-cnlvrth|sgnc-vtqapri ç:nareupi|aou
    é:dtr-lmnhspcgibuvfo|sr-etclpnmgodavbfi è:imhtglrnfcpsdbuav|rntmslqgdvc ê:rbptvmunhfolg|tlcmnpv ë:oau|ltsnr-
    î:aodg-tubnrlcvs|tncml ï:oau|dsqnetca-kormèvl ô:rcthplnmavdej|ltnmsd- œ:-cnfsphbitrolm|usnicldtr
    û:orfbmletsdq|tlrcmn- ü:admgrfpwtnéjl|rmnsteblhyk`,
  German: `
    ä:rthlfwmsnkg-bzpd|ntruhslcgmfdßbp ö:hlrtkwfmns-bzgvd|rslhntpcgfdmbßk ü:rf-tlhbkwmnsdzg|cbrnhtsglmfd
    ß:ieoauäüö|ei-tbulsgnkvrha`,
  Spanish: `
    á:rtlmcn-deigzpsbhvuj|nrsct-iblmfgu é:ritnlmducgvb-psfeh|n-rsitlcmpdfg í:rltngcdsmuafpehvo-|ans-dtcfmorlpgv
    ñ:aeuio|aoieuá ó:itrlcpndmsegzb-fj|ng-lrmtspfdc ú:-rlptbchmnsadfgj|nsrl-bmtpdjcaefg ü:g|eií`,
  Portuguese: `
    á:rtlincmdgpzbfsu-hveoj|rvsct-lfgpdb â:lrtmcgnifps-dbveuz|nm ã:çzdrtshmilgcpjnve|o-se ç:ainuero|aãoõu
    é:mtrpclndubsfihogv-|trs-lcdmfupgioxn ê:gltcrndupmisfvzbx-|nsm-u í:lrtndscmuaepfgvobix|sndtclfvamgprb-e
    ó:tlrcnpifmsbdegzx|grlpstfcdi-b ô:trcmndilgbfpsezx|nm- õ:zçdrjhistlgmco|e ú:iatlncrfpbsmgdexj|rnsbdlm-cvptgof`,
  Italian: `
    à:tr|- è:rildnmopzbvhufc-|- é:hrtdmlcgfnsuiv|-lc ì:dlsrtnpvcmb|- ò:rinltzcdspfm|- ù:ibtsrlmadkcfn|-`,
  Catalan: `
    à:riltsmncfgpd-bjuxzv|s-rtnlcvmpfgbq ç:narleiop|ao-uóàm è:tgnrclmpdsfiubv-ox|nstrm-clfxpdui
    é:urstnivclmfbgyxdp|s-rnmu í:rdltsnumfcvpgxbyho|s-entlfcmrpdgva ï:ueoa|ndstmc-bxlergfu
    ò:rtlcnimfspdegb-x|glpnfmtrscbd ó:irltcndgmsxbyfp|-sr ú:cltnrpbsmdfig-jx|rsl-nmbtpcdig ü:gqaierh|eisílérècngt`,
  Dutch: `
    é:vtfrsl-cphéumdíyngiw|-srmnbltépaodegkw ë:ieoa|nrl-txfeizsm ï:eoau|nsdtcerm ó:-óvwhzcdrleb|rónftshm-v
    á:ámndljw-tghr|ár-sltpg è:icrblphdgn|rnmtcvs ê:urtmflb|tlpmc ö:orflm-gbhjk|rphnsbmletfd ü:eugahbjms-|smlnpbyr`,
  Swedish: `
    å:rlmv-sthgpkfbn|rnltdsgkpb-vef ä:rvljtskmhfn-bg|rnltsgdkmcvx ö:frl-khtsjmnbdg|rvsdnkgtlmjpb-
    é:lrdtnfmpscjkhgbv|ns-eglahrkpfbdvc`,
  Norwegian: `
    æ:lnvjbts-rhmf|rlstd ø:jlrtfshmdbn-pk|rykslntdvpmgfb å:rmlvhb-ptgskne|rlndtkspeg-vbmi
    é:tsnldmrfhkvjigu|r-seglhdmatfnvk ô:fc|rt`,
  Danish: `
    æ:rlvtmksfnhbj-gp|rngslkdtvmbf ø:rltskbfhmdg-njp|rdjsnglbvmkef å:rmghl-tpbksvned|rnldsbegt-kfh
    é:trdlsnmhcgfpk-vu|re-snmftkgahucdvz`,
  Icelandic: `
    á:rm-jhlnskfgbtpdþ|lrtsðnmkfghv-bpai ð:iaruæóíeáögoú|iua-srlnvfbghjm é:rfvslthþ|ltrf-snðkd
    í:lrvts-bknpmdf|skðmfnlturgabþpvdh ó:j-rktsbldmfhgþp|lrðtnskmfpgvhbau- ú:r-bhjtknlmsdfpg|tsnrðklafmpgibd
    ý:slnrdktbþm-h|rsnðtljmk-fgpbd þ:-arlsnuíómðigtfá|rjieyouvaóýáæöé æ:rltvhbfmns-gkd|ðktrlngmsfjdv
    ö:jtlsvhr-mgkfbdn|rlgnfðktsm`,
  Polish: `
    ą:jnzikwcrltłs|c-dćłgtwszż ć:aśiąyeę|-w ę:izrwltpjłnkmgds|ctdkgżb-spzlś
    ł:asoóepg-kdzbuwąytihr|oauykebtósę-ączndpgm ń:aeiyo|sc-k ó:rpktngzmłwisdżlbhc|włrjżldcbzst
    ś:oye-aiuęwdjz|cćlnmw-r ź:deaouóiyęł-|nwdlmbrc-gć ż:oae-dęyuóąrijlnzł|eayon-udąókmlbis`,
  Czech: `
    á:vrlnkthpzdsmbčiřňš|-nvktlrdcčřszšmbp č:ia-eoánuírtljvyřščdbpúžěm|eiknoít-aáulčm ď:a-žeouinrězáí|oáua-mk
    é:vnlktrdmpfisc|-mhrnktzvsdbřč ě:ntvdmpb|jn-tlrdksžšcřhvz í:nšcjtlřvčpmbsd|-ckmnrčvtsdhlzžř
    ň:oaeárduvislhtpšyězmkžčbíf|oáa-kusů ó:rtkilnpzgmjsbvfdhe|zndrltk-sbomjwfžš ř:ptaáok-edhubyíěiv|eiío-asákču
    š:j-uoaeiáyrvíěnldzýp|íteokia-lpťunvámr ť:šsa-ueoirívyádz|oaáu-ks ú:-ozhltardibkeyjpfšumcč|čsrthdzpcvknlšbmžř
    ů:krlntpdcshvčemšzgbřňij|vm-srljžzdtcnč ý:nkvtlrh|-mcvsrtknpl ž:o-auáíerěidyůnml|eiokaínádul-včrsďmb`,
  Slovak: `
    á:nrkltvzphmdibsgf|rvc-sltdnmšžčkpzbh ä:vpm|ťtzkdslc č:aioe-unáírjúldykpvhbmý|ikneaoí-ulstú
    ď:ae-žvzjoriun|ao-umtk é:nktrvglmifdhcpsz|-hrmnztdkvf í:šntsrlčcvpzždbm|m-cnvkčtsršdzjl
    ĺ:tkhdpmvob-|kbžzňpnčt-hd ľ:eoahšpu-kbzjáúsdtigyfmô|anouk-úsmň ň:eradávlytospzčbšjcumhiúŕľíkžĺ|oau-m
    ó:ltrinfkpmgzdsvhuj|nzgrmdtblpj ô:dprkhntvbmlg|svrčdtžnzlľckjmp ŕ:vhmtpkdfbc|kthcňzčdšžm-pľlŕ
    š:j-eoauáinyídvtúr|iíoetk-aupťnľ ť:asiäeúšu-|-adsotnuš ú:jnrtks-lhpzbmľdvcfčš|c-rvtťpčsdbžzšknlh
    ý:nvktrhlsm|-cmvrzsštlkpn ž:ao-áuedrújiíylnzô|ienaoukídl-mrsbďtv`,
  Hungarian: `
    á:tkslrzvnjidmhg-pby|slrgtnzcé-mjdbki é:knsdmtvlzráig-éyfbhjpó|iskrng-tlbvpézhdm í:nsztdvrlhkyp-bm|trvznjmsldg
    ó:tlrizdbkgjsnpy-mó|l-sdbtcngzrjkéviahófp ö:k-trlzsdfynghbvpm|rlntzskvgdmcb
    ő:tlrzdbsgfnk-vy|ls-dbtrnciékzjvmhfeg ú:sgt-jyrkhbzmldfniv|-srjltzvngdcbfph ü:kszftj-riéydlbgpnmvh|lnkrvgtzsdm
    ű:ymrgtfsjzvhkblnd|-slvrnztbkhéjicdfe`,
  Croatian: `
    č:ia-uoernšp|aiekn-uj ć:uieaoš-p|ie-aunk đ:eaoui-rn|eaiu š:ia-ueorp|taeink-lćučpm ž:ao-ueird|ieanudlb-mv`,
  Romanian: `
    ă:trclnpmzsbvţgdf|-rtlinmţcsdpuşzg â:rtczmngvlpbţdsfh|nrimlcsşţt î:-e|nm ş:e-aiuoărnâ|itaeo-ucănmâp
    ţ:aeinău-crloâ|iăaeu-â`,
  Turkish: `
    ç:-kaetiruünlıpşs|aiıelöüuomts ğ:iıaeuoü|iıuüarle ı:dğltrnsmykcşçzp|nr-lğkşzymsdtp ö:-gdskyçtbrl|rnzlktyğdmvpsşç
    ş:aeıiu-üo|tlm-aıeiükus ü:dltrmgskyğ-nbşzcçp|rlnkzşmğtsy-cvdçf İ:-|bcdfglmnprsştvyz`,
  Lithuanian: `
    ą:imjtsrnkglžv|-jsžmvl č:n-išsuekaproygbl|iek ę:nvjkrtldgbpžm|-sžš ė:nlktdrvmgsbpšž|-jstlmdnkgrž
    į:-jtsnrlkpdm|-sjvkždtgpmnrš š:i-kaeuropmyė|kitalvneėučmoyps ų:ijmtnkrlg|-js ū:irtkpldb-gsmjšzž|nkrdsgptžlmbšz
    ž:-duaieorgyėūbąlmį|iaeuvydėtolkmnsp`,
  Latvian: `
    ā:ntpjkrlmgvdsbņzi-ļ|tjr-dmklsnbcvzp č:-aezotnuiārpl|aeuioīāūēs ē:tlrvzdmsncpķbjģf-ņ|tjdrs-nlmkzgšcp
    ģ:o-erauiēņāžzļpīl|ieēīo ī:tldrznmscvpķbš-jf|tgdbnjkvsšrm-clz ķ:ši-eraņoļzēupāī|iēeīoausū
    ļ:uaešipkļgāoīēb-t|oauāiūķļevsņkdpšmgīrnltē ņ:iešoakzžuī-tāpļ|aouāiš-ēķekģsvrpdnz
    š:koa-īeuzriēņtpāgnl|ķasuoiļņ-āīpvmūneēktr ū:rtlskbpjd-mšļžcgķč|drktspvncgzmlžšķ
    ž:ead-oiārūuēznpīt|oaiueņāvēūsīmģknrpzļ`,
  Estonian: `
    ä:kärvnmjtlhp-s|räusinhltkgpbmd õ:k-svlpmõtnrh|rnhilõumpktsgbed ö:ötlkrspm-nfv|örgbkdnltimspveh
    ü:üskt-lrhmpnfb|ülnhmrstpkdgbvf`,
};
