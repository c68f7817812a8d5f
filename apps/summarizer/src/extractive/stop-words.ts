/**
 * Words that say nothing about a topic: function words, and the fillers of speech. Written for podcasts, so longer on
 * fillers and greetings than lists for written text, and shorter on rare words.
 */
const LISTS: Readonly<Record<string, string>> = {
  en: `a about above after again against all almost along already also although always am an and another any anyone
    anything are aren't around as at away back be because been before being below between both but by can can't cannot
    come comes coming could couldn't did didn't do does doesn't doing don't done down during each either else enough even
    ever every everybody everyone everything few first for from get gets getting give given go goes going gone gonna good
    got great had hadn't happen happens has hasn't have haven't having he he's her here here's hers herself hey hi him
    himself his hello how however i i'd i'll i'm i've if in into is isn't it it's its itself just keep kind know last less
    let let's like little look lot lots made make makes making many may maybe me mean means might more most much must my
    myself need never next no nobody none nor not nothing now of off oh ok okay on once one ones only onto or other others
    our ours ourselves out over own perhaps please put quite rather really right said same saw say saying says see seem
    seems seen shall she she's should shouldn't since so some somebody someone something sometimes somewhere sort still
    such sure take taken takes tell than thank thanks that that's the their theirs them themselves then there there's
    these they they'd they'll they're they've thing things think this those though three through thus to today together
    told too took toward towards two uh uhm um under until up upon us use used using very want wanted wants was wasn't way
    we we'd we'll we're we've welcome well went were weren't what what's when where where's whether which while who who's
    whole whom whose why will with within without won't would wouldn't yeah yes yet you you'd you'll you're you've your
    yours yourself actually basically listeners podcast episode show guest people time times day days week weeks
    month months year years hour hours minute minutes old new big small long far`,
  de: `aber alle allem allen aller alles als also am an andere anderen anderer anderes auch auf aus bei beim bevor bin bis
    bisschen bist da dabei dadurch dafür dagegen daher damit danach dann daran darauf darüber darum das dass davon davor
    dazu dein deine deinem deinen deiner dem den denen denn der deren des deshalb dessen dich die dies diese diesem diesen
    dieser dieses dir doch dort du durch eben eigentlich ein eine einem einen einer eines einfach einige einmal er erst es
    etwa etwas euch euer eure für ganz gar genau geht gemacht genug gerade gern gibt ging gut hab habe haben hallo hast hat
    hatte hatten hätte heute hier hin ihm ihn ihnen ihr ihre ihrem ihren ihrer im immer in ins irgendwie ist ja je jede
    jedem jeden jeder jedes jemand jetzt kam kann kannst kein keine keinem keinen keiner kommen kommt konnte können könnte
    lassen lässt leider machen macht mag mal man manche mehr mein meine meinem meinen meiner mich mir mit muss müssen
    musste nach natürlich neben nein nicht nichts nie niemand noch nun nur ob oder ohne schon sehen sehr sei sein seine
    seinem seinen seiner seit sich sie sind so sogar solche soll sollte sondern sonst über um und uns unser unsere unserem
    unseren unter viel viele vielen vielleicht vom von vor wann war waren warum was weg weil weiß weiter welche welcher
    wenig wenn wer werde werden wie wieder will willkommen wir wird wirklich wo wollen wollte worden wurde wurden würde
    würden zu zum zur zurück zwar zwei zwischen äh ähm halt sagen sagt gesagt danke folge podcast sendung
    jahr jahre jahren tag tage tagen zeit uhr menschen leute alt neu groß klein lang`,
  fr: `ai aient ailleurs ainsi alors après as au aucun aucune aujourd'hui auquel aussi autre autres aux avaient avais avait
    avant avec avez avoir avons beaucoup bien bon bonjour c'est car ce ceci cela celle celles celui cent ces cet cette ceux
    chaque chez comme comment d'accord dans de dehors déjà depuis des deux devrait dire dit doit donc dont du elle elles en
    encore enfin entre est et étaient étais était étant été être eu eux fait faire faut font fois grand ici il ils je
    jusqu'à jusque l'on la là laquelle le lequel les lesquels leur leurs lors lorsque lui ma mais me même mêmes merci mes
    met mieux moi moins mon ne ni non nos notre nous on ont ou où oui par parce pas pendant peu peut peuvent peux plus
    plusieurs plutôt pour pourquoi pouvait pouvez pouvoir premier près presque puis qu'il qu'elle qu'on quand que quel
    quelle quelles quelque quelques quels qui quoi rien sa sans se sera serait ses seulement si soi sont son sous souvent
    suis sur ta te tel telle tes toi ton toujours tous tout toute toutes très trop trois tu un une va vais vas vers veut
    veux voilà voir vont vos votre vous voulait vraiment vu y ça c'était j'ai n'est n'a qu'est-ce euh ben bah hein quoi
    bienvenue émission épisode podcast chose choses an ans année
    années jour jours temps heure heures gens`,
  es: `a acá además ahí ahora al algo alguien algún alguna algunas algunos allá allí ante antes aquel aquella aquellos aquí
    así aún aunque bajo bastante bien bueno buenas buenos cada casi como cómo con contra cosa cosas creo cual cuál cuales
    cualquier cuando cuándo cuanto da dar de debe decir del demás dentro desde después dice dicho donde dónde dos durante e
    el él ella ellas ello ellos embargo en encima entonces entre era eran eres es esa esas ese eso esos esta está estaba
    estaban estado están estar estas este esto estos estoy fue fueron fui gracias gran ha había habían haber hace hacen
    hacer hacia han has hasta hay he hecho hemos hola hoy incluso ir jamás junto la las le les lo los luego más me mejor
    menos mi mí mientras mis misma mismo mismos mucha muchas mucho muchos muy nada nadie ni ningún ninguna no nos nosotros
    nuestra nuestras nuestro nuestros nunca o os otra otras otro otros para parece pero poco pocos poder podía por porque
    pues puede pueden puedo que qué quien quién quiero sabe sea según ser si sí sido siempre sin sino sobre sólo solo son
    soy su sus suyo tal también tampoco tan tanto te tener tengo tenía ti tiempo tiene tienen toda todas todavía todo todos
    tras tres tu tú tus un una unas uno unos usted ustedes va vamos van veces ver vez voy y ya yo eh este bienvenidos
    bienvenidas programa episodio podcast verdad
    año años día días gente hora horas`,
  it: `a abbiamo adesso agli ai al alcune alcuni alla alle allo allora altra altre altri altro anche ancora anni appena
    attraverso avere aveva avevano avete basta bene benvenuti buono buongiorno c'è c'era che chi ci ciao ciò cioè circa
    come comunque con contro cosa cose così cui da dagli dai dal dalla dalle dallo davanti davvero degli dei del della
    delle dello dentro di dice dire dopo dove due dunque e è ecco ed entrambi era erano essere esserci fa fare fatto fin
    fino forse fra fu già gli grande grazie ha hanno ho i il in infatti insieme invece io la là le lei li lo loro lui ma
    mai male me meglio meno mentre mi mia mie miei mio modo molta molte molti molto nei nel nella nelle nello nemmeno nessun
    nessuno niente no noi non nostra nostre nostri nostro nulla o ogni oggi oltre ora ormai per però perché persone più
    poco poi possiamo possono prima primo proprio può qua qual quale quali qualche qualcosa qualcuno quando quanto quasi
    quella quelle quelli quello questa queste questi questo qui quindi sa sarà se sei sembra sempre senza si sì sia siamo
    siano sono sopra sotto sta stanno stata stati stato stessa stesso su sua sue sugli sui sul sulla sulle sullo suo suoi
    tanto te ti tra tre troppo tu tutta tutte tutti tutto un una uno va vedere vero verso vi viene voi volta volte vostra
    vostro eh beh insomma puntata podcast trasmissione anno giorno giorni tempo gente ore`,
  nl: `aan al alle alleen als altijd ander andere anders ben bent bij bijna bijvoorbeeld blijven daar daarna daarom dag dan
    dat de deze die dingen dit doe doen doet door dus echt een eens eerst eigenlijk elk elke en er ergens even gaan gaat
    geen gedaan gehad geweest geworden gewoon ging goed graag had hadden hallo heb hebben hebt heeft heel heen hem het hier
    hij hoe hun iedereen iemand iets ik in is ja je jij jouw jullie kan kijken komen komt kon konden kun kunnen kwam laat
    laten maar maken maakt me meer meest men mensen met mij mijn misschien moest moet moeten mogen na naar natuurlijk nee
    net niemand niet niets nieuw nog nooit nou nu of om omdat onder ons onze ook op over precies samen soms steeds te
    tegen terug terwijl tijd toch toe toen tot tussen twee u uit uw vaak vaan van veel verder vind vinden volgens voor
    vooral waar waarom wanneer want waren was wat we weer weet weg wel welke welkom werd werden weten wie wij wil willen
    worden wordt wou zal ze zeggen zegt zei zelf zelfs zich zie zien zij zijn zit zo zoals zou zouden zulke eh uhm hè
    dank aflevering podcast uitzending jaar jaren dagen week`,
  pt: `a à agora ainda além algo alguém algum alguma algumas alguns ali antes ao aos apenas aquela aquelas aquele aqueles
    aqui aquilo as às assim até bem bom cada coisa coisas com como contra da dar das de deles dela dele demais depois
    desde dessa desse desta deste deve dia disse disso dizer do dois dos duas durante e é ela elas ele eles em então entre
    era eram essa essas esse esses esta está estamos estão estar estas estava estavam este estes estou eu fala faz fazer
    feito fez fica foi for foram gente grande há havia hoje isso isto já lá lhe lhes lo logo mais mas me melhor menos mesmo
    meu meus minha minhas muita muitas muito muitos na nada não nas nem nenhum nessa nesse nesta neste no nos nós nossa
    nossas nosso nossos num numa nunca o obrigado obrigada olá onde os ou outra outras outro outros para parece pela pelas
    pelo pelos pequeno perto pode podem poder podia pois por porque porquê posso pouco pra primeiro próprio qual quais
    qualquer quando quanto quase que quê quem quer sabe são se seja sem sempre sendo ser será seu seus si sido só sob sobre
    sou sua suas tal também tão te tem têm tempo tenha tenho ter teve tinha tinham toda todas todo todos três tu tudo um
    uma umas uns vai vamos vão ver vez vezes você vocês vou aí né tá bem-vindos bem-vindo episódio programa podcast ano anos dias hora horas`,
};

const SETS = new Map(
  Object.entries(LISTS).map(([language, words]) => [language, new Set(words.split(/\s+/))] as const),
);

const EMPTY: ReadonlySet<string> = new Set();

/** The stop words of a language, in lower case; empty where there is no list, and frequency has to tell. */
export function stopWords(language: string): ReadonlySet<string> {
  return SETS.get(baseLanguage(language)) ?? EMPTY;
}

/** "en" of "en-GB". */
export function baseLanguage(tag: string): string {
  return (tag.split(/[-_]/)[0] ?? tag).toLowerCase();
}

/** How many of the words have to be stop words of a language for a text to count as written in it. */
const LEAST_SHARE = 0.2;

/**
 * The language whose stop words make up most of these lower-case words, among those with a list.
 * @returns undefined where none makes up a fifth.
 */
export function guessLanguage(words: readonly string[]): string | undefined {
  let best: string | undefined;
  let most = words.length * LEAST_SHARE;
  for (const [language, set] of SETS) {
    const hits = words.reduce((sum, word) => sum + (set.has(word) ? 1 : 0), 0);
    if (hits > most) [best, most] = [language, hits];
  }
  return best;
}
