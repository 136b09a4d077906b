//! The words of statistics, in the languages of laboratories, folded.

use std::collections::BTreeSet;
use std::sync::LazyLock;

pub(super) type Words = LazyLock<BTreeSet<&'static str>>;

/// Words that are a statistic wherever they stand in a label.
pub(super) static PLAIN: Words = LazyLock::new(|| {
    "mean means gesamtmittel average averages averaged avg avge median stdev stddev stdv sdev sdv rsd \
    rstd stdabw stdabweichung deviations xbar variance minimum maximum deviation mittelwert mittelw \
    durchschnitt standardabweichung standardabw spannweite variationskoeffizient moyenne moy ecart \
    ecartype ecarttype etendue mediane promedio desviacion desvest desvio desvpad deviazione scarto \
    mediana varianza rango amplitude srednia odchylenie gemiddelde standaardafwijking medelvarde \
    standardavvikelse gjennomsnitt gennemsnit standardavvik keskiarvo keskihajonta ortalama prumer \
    odchylka atlag szoras promjer prosek simpangan средн среднее средняя средний сред ско стандартное \
    отклонение откл медиана максимум минимум размах дисперсия итого середнє відхилення 平均 平均値 평균 평균값 \
    표준편차 중앙값 μέση μεση μέσος διακύμανση متوسط المتوسط میانگین stabw stabweichung xmean xmoy xmed xmittel \
    srel n数 стоткл отклон разброс меан desvtip odch odchyl stdafw afw stdafwijking 표준오차 분산 변동계수 검출한계 회수율"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Words that are one only where nothing else stands beside them; ids hold them too.
pub(super) static WEAK: Words = LazyLock::new(|| {
    "ave aver av sd std dev cv rel abs min mini max maxi range ranges number numbers count counts sum \
    sums total totals subtotal grand var se sem stat stats statistic statistics sigma mw mittel anzahl \
    summe gesamt gesamtsumme vk varianz statistik type relatif relative relativer nombre somme \
    statistique statistiques media estandar standard padrao numero num cantidad conteo contagem soma \
    suma somma totale minimo maximo massimo coeficiente coefficient coefficiente variation variacao \
    variacion variazione intervalo desv est pad ds dp et celkem osszesen макс мин сумма количество число \
    кол ст отн коэффициент вариации всего во n χ σ ς ø ∅ ∑ µ 合計 範囲 総計 합계 최대 최소 최대값 최소값 범위 개수 rpd rsds \
    quantity qty quantile percentile quartile mode spread uncertainty error confidence trung binh rata \
    baku szt standart sapma smerodatna standardowe średnia wert values value valeur valor valore \
    значение coef moda av etr ср знач к коэф вар дисп мед итог оско осо ci ic conf confiance skew \
    kurtosis geomean intervalle etend int"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// What is said of a method, a certificate or a measurement and stands where samples stand: limits,
/// targets, recoveries. Weak words too.
pub(super) static LIMITS: Words = LazyLock::new(|| {
    "lod loq mdl mql idl lld dl ld lq nwg bg nachweisgrenze bestimmungsgrenze erfassungsgrenze detection \
    quantification quantitation limit limits limite determination recovery recoveries wiederfindung \
    wiederfindungsrate recuperation recuperacion rendement target targets certified certificate \
    zertifiziert certificado expected nominal sollwert bias diff difference differenz dilution \
    verdunnung dilucion factor faktor facteur df uncertainty uncertainties incertitude incertidumbre \
    unsicherheit messunsicherheit incertezza erreur fehler error погрешность неопределенность \
    неопределённость предел обнаружения определения извлечение степень аттестованное опорное разбавление \
    разбавления фактор intensity intensities cps kcps intensitat intensite интенсивность deteccion \
    cuantificacion unit units einheit wavelength wellenlange зав аттест ldm lqm pql ucl lcl uwl lwl rec \
    dil unc uncert verdunnungsfaktor reporting accepted assigned true reference lower upper score"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// What a specification says, where samples stand: limits, targets, tolerances. Weak words too, but no names
/// of quantities: `SiO2 norm` is one.
pub(super) static BOUNDS: Words = LazyLock::new(|| {
    "spec specs specification specifications spezifikation spezifikationen spez grenzwert grenzwerte \
    richtwert richtwerte hochstwert hochstwerte mindestwert zielwert zielwerte zielbereich sollbereich \
    soll sollwerte vorgabe vorgabewert nennwert normwert obergrenze untergrenze warngrenze \
    eingriffsgrenze kontrollgrenze berichtsgrenze toleranz toleranzen toleranzbereich norm norma norme \
    normen normes normas zertifizierter zertifizierte zulassig zulassige zulassiger rl lor eql mrl lloq \
    uloq crql crdl rdl arl ldq lrl ul ll usl lsl tolerance tolerances tolerancia tolerancias tolleranza \
    especificacion especificaciones especificacao specifica cible cibles objetivo objectif obiettivo \
    limites limiti seuil umbral soglia threshold thresholds setpoint guideline guidelines guide \
    requirement requirements permissible allowable allowed admissible acceptance theoretical theoretisch \
    theorique teorico regulatory пдк допуск допуски норма нормы норматив нормативы спецификация цель \
    целевое целевой ту гост лимит граница уставка summary overall slope intercept correction corrections \
    drift tol nom zul quartil cl weight volume gewicht volumen date datum time zeit дата время вес масса \
    hi lo high low upper lower 기준 기준치 기준값 규격 방출기준 목표 목표값 상한 하한 허용치 grens grenswaarde streefwaarde \
    gransvarde granseverdi wymagania limit limits"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Weak words that are a statistic behind an id too (`S1 SD`, `Blank SD`).
pub(super) static BEHIND: Words = LazyLock::new(|| {
    "sd cv rsds sem sigma σ ave aver av stat stats stdev vk etr ско осо оско ср lod loq mdl recovery \
    recoveries uncertainty uncertainties unc rpd bias certified expected target targets spec specs usl \
    lsl ucl lcl rl lor soll sollwert grenzwert tolerance toleranz nominal норма пдк"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Words beside which a weak word still stands alone: `Ave of 5`, `Mean value of the samples`.
pub(super) static FILLER: Words = LazyLock::new(|| {
    "of the for all samples sample results result replicates reps rep runs run measurements measured conc \
    concentration overall in wt mass ppm ppb mg l kg de des du la le von der aus den и из по do da di \
    del by from sur sobre a p and general generale generales arithmetic arithmetique arithmetisches \
    arithmetischer aritmetica aritmetico geometric geometrique k th percent проб проба пробы образцов \
    образец партии партия"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Weak words that say nothing alone: some other word must stand beside them.
pub(super) static NEVER_ALONE: Words = LazyLock::new(|| {
    "rel abs dev type est pad grand relative relatif relativer standard standart wert values value valeur \
    valor valore значение n k к во x ст отн rata baku trung binh num error quantity qty std знач к coef \
    detection quantification hi lo high low overall quantitation determination предел степень \
    определения опорное conf confiance intervalle int reporting accepted assigned true reference lower \
    upper score"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Pieces of Chinese and Japanese labels, which have no blanks.
pub(super) static HAN_PLAIN: Words = LazyLock::new(|| {
    "平均 均值 标准偏差 标准差 標準偏差 標準差 偏差 极差 極差 中位数 中位數 中央値 变异系数 變異係數 変動係数 方差 最大值 最小值 最大値 最小値 標準誤差 标准误差 标准误 不偏分散 分散 \
    中位値 最頻値 众数 眾數 小計 検出限界 检出限 檢出限 检测限 定量限 定量下限 検出下限 回收率 回収率 认定值 認証値 不确定度 不確かさ 稀释倍数 希釈倍率 误差 誤差 レンジ 標準値 \
    标准值 希釈率 规格 規格 指标 指標 限值 限值 限度 上限 下限 控制限 警告限 目标 目標 要求 公差 允许差 允差 许可值 基準値 管理値 参考限 允许 合格标准 合格限 合格范围 验收标准 \
    不大于 不小于 不超过 规范值 设定值 理论值 标称值 证书值 報告限 报告限"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Pieces that count only where nothing but such pieces stands.
pub(super) static HAN_WEAK: Words = LazyLock::new(|| {
    "相对 相對 相対 标准 最大 最小 个数 個數 件数 数量 數量 次数 样品 样本 测定 测量 合计 合計 总计 總計 总和 总数 求和 小计 数 值 的 范围 範囲 结果 统计 計 共 参考 标示 \
    目标 加标"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Names of sums.
pub(super) static SUMS: Words = LazyLock::new(|| {
    "sum sums total totals summe somme suma soma somma gesamt gesamtsumme totale totaux итого сумма всего \
    σ ∑ 合計 合计 总计 總計 总和 總和 总量 總量 総計 总 合计量 합계 toplam celkem osszesen"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});

/// Words beside which such a name still is one: `Total oxides`, `Sum of components`.
pub(super) static OF_SUMS: Words = LazyLock::new(|| {
    "of oxides oxide all the analytical analytic major majors components component elements element \
    compounds wt mass grand general der aller des oxydes de los oxidos oxid analysis analyse оксидов w \
    incl loi with without norm normalised normalized raw conc concentration content"
        .split(' ')
        .filter(|word| !word.is_empty())
        .collect()
});
