//! Where a lot came from: shares of its dry mass by source, as its moves recorded them.

use std::collections::BTreeMap;

use kernel::{BalanceId, LotId};
use measure::{Decimal, Places, RoundingRule, round};
use publish::Names;
use publish::certificate::{Origin, OriginShare};
use store::{Db, StoreError};

use crate::view_rows;

/// Rework sends material round; what still circulates after so many rounds is said to be unattributed.
const ROUNDS: usize = 64;
/// Shares below this are not followed further.
const SMALL: Decimal = Decimal::from_parts(1, 0, 0, false, 9);

/// The origin statement of a lot, and the balance it follows from, where it does.
pub(super) fn origin(
    db: &mut Db,
    lot: LotId,
    custody: &str,
) -> Result<(Origin, Option<BalanceId>), StoreError> {
    if let Some((found, balance)) = by_balance(db, lot)? {
        return Ok((found, Some(balance)));
    }
    let (settled, open) = attribute(db, lot)?;
    let sources = named(db, settled, open)?;
    let origin = Origin {
        statement: Names::new(
            "Attributed by dry mass along the recorded moves; shares are of the lot's dry mass.",
            "按各次物料流转记录的干量归属，份额以本批干量计。",
        ),
        custody_model: custody_names(custody),
        shares: shares(sources),
    };
    Ok((origin, None))
}

/// By the reconciled balance of its period, where the lot is linked to one that is final and stands: each
/// feed's share of the product, divided among that feed's lots by their dry mass. Models that keep material
/// apart attribute along the moves instead.
fn by_balance(db: &mut Db, lot: LotId) -> Result<Option<(Origin, BalanceId)>, StoreError> {
    let feeds = view_rows::origin_shares(db, lot)?;
    let Some(first) = feeds.first().cloned() else { return Ok(None) };
    if !matches!(first.custody.as_str(), "mass-balance" | "controlled-blending") {
        return Ok(None);
    }
    let (mut settled, mut open) = (BTreeMap::new(), Decimal::ZERO);
    for feed in feeds.iter().filter(|feed| feed.balance == first.balance && feed.stream == first.stream) {
        let lots = view_rows::feed_lots(db, feed.balance, &feed.feed)?;
        let total: Decimal = lots.iter().map(|(_, kg)| *kg).sum();
        if total <= Decimal::ZERO {
            open += feed.share;
        }
        for (root, kg) in lots.iter().filter(|_| total > Decimal::ZERO) {
            *settled.entry(*root).or_insert(Decimal::ZERO) += feed.share * *kg / total;
        }
    }
    let sources = named(db, settled, open)?;
    let origin = Origin {
        statement: Names::new(
            format!("Attributed by the reconciled metal balance {}, dry mass of the period.", first.code),
            format!("按已协调的金属平衡 {} 归属，以该期间干量计。", first.code),
        ),
        custody_model: custody_names(&first.custody),
        shares: shares(sources),
    };
    Ok(Some((origin, first.balance)))
}

/// Shares of sources by what the source is called in both languages.
type Sources = BTreeMap<(String, String), Decimal>;

fn named(db: &mut Db, settled: BTreeMap<LotId, Decimal>, open: Decimal) -> Result<Sources, StoreError> {
    let mut sources = Sources::new();
    for (root, share) in settled {
        let name = match view_rows::origin(db, root)? {
            Some((_, Some(party))) => (party.en, party.zh),
            Some((code, None)) => (format!("lot {code}"), format!("批次 {code}")),
            None => (root.to_string(), root.to_string()),
        };
        *sources.entry(name).or_default() += share;
    }
    if open > SMALL {
        *sources.entry(("not attributed".to_owned(), "未归属".to_owned())).or_default() += open;
    }
    Ok(sources)
}

fn shares(sources: Sources) -> Vec<OriginShare> {
    let mut shares: Vec<(Decimal, OriginShare)> = sources
        .into_iter()
        .map(|((en, zh), share)| {
            let percent = round(share * Decimal::ONE_HUNDRED, RoundingRule::default(), Places::Decimals(1));
            (share, OriginShare { source: Names::new(en, zh), share_percent: percent.as_str().to_owned() })
        })
        .collect();
    shares.sort_by(|(a, x), (b, y)| b.cmp(a).then_with(|| x.source.en.cmp(&y.source.en)));
    shares.into_iter().map(|(_, share)| share).collect()
}

/// The share of each source lot, and what no source could be found for.
fn attribute(db: &mut Db, lot: LotId) -> Result<(BTreeMap<LotId, Decimal>, Decimal), StoreError> {
    let mut open = BTreeMap::from([(lot, Decimal::ONE)]);
    let mut settled: BTreeMap<LotId, Decimal> = BTreeMap::new();
    let mut lost = Decimal::ZERO;
    for _ in 0..ROUNDS {
        let mut next: BTreeMap<LotId, Decimal> = BTreeMap::new();
        for (at, share) in std::mem::take(&mut open) {
            let parents = view_rows::parents(db, at)?;
            if parents.is_empty() {
                *settled.entry(at).or_default() += share;
                continue;
            }
            let known: Decimal = parents.iter().map(|(_, share)| *share).sum();
            if known < Decimal::ONE {
                lost += share * (Decimal::ONE - known);
            }
            for (parent, part) in parents {
                *next.entry(parent).or_default() += share * part;
            }
        }
        next.retain(|_, share| {
            let keep = *share > SMALL;
            lost += if keep { Decimal::ZERO } else { *share };
            keep
        });
        open = next;
        if open.is_empty() {
            break;
        }
    }
    Ok((settled, lost + open.values().copied().sum::<Decimal>()))
}

/// The models of ISO 22095:2020 in words.
fn custody_names(word: &str) -> Names {
    let (en, zh) = match word {
        "identity-preserved" => ("identity preserved (ISO 22095)", "身份保持（ISO 22095）"),
        "segregated" => ("segregated (ISO 22095)", "隔离（ISO 22095）"),
        "controlled-blending" => ("controlled blending (ISO 22095)", "受控混合（ISO 22095）"),
        "mass-balance" => ("mass balance (ISO 22095)", "质量平衡（ISO 22095）"),
        "book-and-claim" => ("book and claim (ISO 22095)", "记账与声明（ISO 22095）"),
        other => (other, other),
    };
    Names::new(en, zh)
}
