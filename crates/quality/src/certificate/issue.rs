//! Issue a certificate.

use std::collections::{BTreeMap, BTreeSet};

use kernel::{
    Act, Activity, Actor, BalanceId, CertificateId, DispositionId, Edge, EdgeRole, Instant, LotId, Meaning,
    Names, PartyId, PersonId, Ref, ResultId, Role, SpecificationVersionId,
};
use measure::Decimal;
use publish::certificate::{self as paper, CertificateDocument, Disposition, Supersedes};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Prepared, Stop, Store, StoreError};

use super::attach::CertificateRendered;
use super::document::Sources;
use super::origin::origin;
use super::prepare::{self, Ready};
use super::rules::CertificateRefused;
use super::said::{Given, said_besides};
use super::standing::Ground;
use super::{decided, ground_rows, masses, rows};
use crate::gate::rules::{Door, GateRefused, Stopped};
use crate::judgement::{Line, Measured, Signed};
use crate::release::release_lot::LotReleased;
use crate::release::{rows as releases, since};
use crate::specification::{Version, rows as specifications};
use crate::view_rows;

said_besides! {
    /// Issue the certificate of a released lot to a customer.
    pub struct IssueCertificate {
        /// The lot.
        pub lot: LotId,
        /// The customer.
        pub customer: PartyId,
    }
}

/// Signing a certificate needs an authorisation on the lot's material.
pub(super) fn certify_act(db: &mut Db, lot: LotId) -> Result<Vec<Act>, StoreError> {
    let lot = view_rows::lot(db, lot)?;
    Ok(lot
        .map(|lot| Act { activity: Activity::Certify, scope: Some(lot.material.into()) })
        .into_iter()
        .collect())
}

impl Command for IssueCertificate {
    const NAME: &'static str = "certificate.issue";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"lot":"lot-12","customer":"party-2","contract":"BH-2026-031",
        "packages":24,
        "package_kind":{"en":"big bags","zh":"吨袋"},"gross_kg":"24180"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        certify_act(db, self.lot)
    }

    const PREPARES: bool = true;

    fn prepare(&self, store: &Store, actor: &Actor) -> Result<Option<Prepared>, StoreError> {
        prepare::prepare(store, actor, self)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let order = Order { lot: self.lot, customer: self.customer, given: self.given(), replaces: None };
        let (issued, rendered) = issued(db, cx, order)?;
        let mut facts = Facts::one(issued);
        rendered.into_iter().for_each(|rendered| facts.push(rendered));
        Ok(facts)
    }
}

/// A certificate to be written: a first issue, or the next revision of one.
pub(super) struct Order {
    pub lot: LotId,
    pub customer: PartyId,
    pub given: Given,
    /// The revision it takes the place of, and why.
    pub replaces: Option<(rows::Certificate, Names)>,
}

/// Issues a certificate that was typeset and whose dossier was verified before, if it says now what it said
/// then; a rehearsal gives what is to be typeset.
pub(super) fn issued(
    db: &mut Db,
    cx: &mut Context<'_>,
    order: Order,
) -> Result<(CertificateIssued, Option<CertificateRendered>), Stop> {
    let ready = cx.prepared.and_then(|prepared| prepared.downcast_ref::<Ready>());
    let issued = written(db, cx, order, ready)?;
    if let Some(first) = publish::fonts::unprintable(&issued.document).first() {
        let number = publish::fonts::unprintable(&issued.document).len();
        let (field, character) = (first.field.clone(), first.character.to_string());
        return Err(CertificateRefused::Unprintable { field, character, code: first.code(), number }.into());
    }
    if cx.rehearsal {
        return Ok((issued, None));
    }
    let pdf_sha256 = prepare::bound(ready, &issued, cx.at)?;
    let rendered = CertificateRendered { certificate: issued.certificate, pdf_sha256 };
    Ok((issued, Some(rendered)))
}

/// Gathers what the document says and writes it. A first issue needs a released lot that nobody holds; a
/// revision says what has become of the lot.
fn written(
    db: &mut Db,
    cx: &mut Context<'_>,
    order: Order,
    ready: Option<&Ready>,
) -> Result<CertificateIssued, Stop> {
    let person = cx.actor.person().ok_or(CertificateRefused::NoPerson)?;
    let (institute, lot, customer) = named(db, &order)?;
    let delivered = view_rows::delivered(db, lot.id, order.customer, 0)?;
    may_be_issued(db, cx.at, &order, &lot, delivered)?;
    let masses = masses::stated(db, &order, &lot, delivered)?;
    let (release, released_at, version) = upon(db, &order, cx.at)?;
    let edition = decided::edition(db, &order, &version, cx.at)?;
    let disposition = decided::disposition(db, &lot, (&release, edition), order.replaces.is_some())?;
    let told = told_today(db, &release, &disposition)?;
    let release = LotReleased { lines: told.clone().unwrap_or(release.lines), ..release };
    let results = results(db, &lot, &release, &disposition)?;
    let at = ready.map_or(cx.at, |ready| ready.at); // if it was typeset, an instant ago
    let (year, serial, revision) = series(db, &order, at, &institute)?;
    let answered = grounds_stand(db, &release, (year, serial), &disposition)?;
    still_told(db, &order, &release, &disposition, cx.at)?;
    let authorisation = cx.authorisations.first().copied();
    let signers = [
        (paper::Meaning::Released, signed(db, (release.person, released_at, release.authorisation))?),
        (paper::Meaning::Approved, signed(db, (person, at, authorisation))?),
    ];
    let (origin, by_balance) = origin(db, lot.id, &lot.custody)?;
    let id = ready.map_or_else(|| CertificateId::next(cx.numbers), |ready| ready.certificate);
    let document = Sources {
        id,
        number: format!("C-{year}-{serial:04}"),
        revision,
        supersedes: order.replaces.as_ref().map(|(old, reason)| supersedes(old, reason)),
        at,
        institute: &institute,
        ledger: cx.ledger,
        given: &order.given,
        customer: &customer,
        lot: &lot,
        masses,
        whole: view_rows::lot(db, release.lot)?.filter(|whole| whole.id != lot.id).as_ref(),
        version: &version,
        release: &release,
        results: &results,
        samples: &view_rows::samples(db, release.lot)?,
        disposition,
        origin,
        names: &names(db, [person, release.person], &results)?,
        signers,
    }
    .document();
    Ok(CertificateIssued {
        certificate: id,
        lot: lot.id,
        party: order.customer,
        specification_version: release.specification_version,
        disposition: release.disposition,
        year,
        serial,
        json_sha256: store::sha256(&document.canonical()),
        told,
        results: release.lines.iter().flat_map(|line| line.results.iter().copied()).collect(),
        authorisation,
        person,
        balances: release.balances().chain(by_balance).collect(),
        answered,
        given: order.given,
        document,
    })
}

/// A first issue asks the gate, and is of what there is; a revision goes on speaking of the lot.
fn may_be_issued(
    db: &mut Db,
    at: Instant,
    order: &Order,
    lot: &view_rows::Lot,
    delivered: Decimal,
) -> Result<(), Stop> {
    if order.replaces.is_none() {
        crate::gate::may_certify(db, lot.id, order.customer, at)?;
        is_there(db, lot, order.customer, delivered)?;
    }
    Ok(())
}

/// What may not be used is told as it is known today, and not as it was released.
fn told_today(
    db: &mut Db,
    release: &LotReleased,
    disposition: &Disposition,
) -> Result<Option<Vec<Line>>, Stop> {
    Ok(match disposition.gives_leave() {
        true => None,
        false => Some(since::lines_now(db, release, None)?),
    })
}

/// A certificate is issued for what there is: in stock, on its way with a carrier, or with the customer.
/// `delivered` is the wet mass of the parts of it that the customer got, kg.
fn is_there(db: &mut Db, lot: &view_rows::Lot, customer: PartyId, delivered: Decimal) -> Result<(), Stop> {
    let with = match lot.shipped_to {
        Some(to) if to == customer => true,
        Some(to) => crate::gate::is_carrier(db, to)?,
        None => lot.state == "in-stock",
    };
    if with || delivered > Decimal::ZERO {
        return Ok(());
    }
    Err(CertificateRefused::NotThere { lot: lot.code.clone() }.into())
}

/// The institute, the lot and the customer that an order names.
fn named(
    db: &mut Db,
    order: &Order,
) -> Result<(authority::Institute, view_rows::Lot, view_rows::Party), Stop> {
    let institute = authority::institute::rows::find(db)?;
    let (_, institute) = institute.ok_or(CertificateRefused::NoInstitute)?;
    let lot = view_rows::lot(db, order.lot)?.ok_or(CertificateRefused::NoSuch(order.lot.into()))?;
    let customer = view_rows::party(db, order.customer)?;
    let customer = customer.ok_or(CertificateRefused::NoSuch(order.customer.into()))?;
    Ok((institute, lot, customer))
}

fn supersedes(old: &rows::Certificate, reason: &Names) -> Supersedes {
    Supersedes { number: old.code.clone(), revision: old.revision, reason: super::document::both(reason) }
}

/// A signature with the authorisation that it cites.
fn signed(
    db: &mut Db,
    (person, at, under): (PersonId, Instant, Option<kernel::AuthorisationId>),
) -> Result<Signed, StoreError> {
    let under = match under {
        Some(number) => releases::authorisation(db, number.number())?,
        None => None,
    };
    Ok(Signed { person, at, under })
}

/// What a leave to use the lot rests on stands; gives what does not and an override of the release answers
/// for.
fn grounds_stand(
    db: &mut Db,
    release: &LotReleased,
    series: (i64, i64),
    disposition: &Disposition,
) -> Result<Vec<Ground>, Stop> {
    if !disposition.gives_leave() {
        return Ok(Vec::new());
    }
    let gone = ground_rows::gone_of_release(db, release, series)?;
    match gone.iter().find(|ground| !ground.answered_by(release)) {
        Some(ground) => Err(CertificateRefused::GroundGone(ground.clone()).into()),
        None => Ok(gone),
    }
}

/// A paper says of a lot what was decided, as long as that is what is known: every check of the release
/// still holds, and the results come to the same figures. Otherwise the lot is decided on again first.
fn still_told(
    db: &mut Db,
    order: &Order,
    release: &LotReleased,
    disposition: &Disposition,
    at: Instant,
) -> Result<(), Stop> {
    if !disposition.gives_leave() {
        return Ok(());
    }
    let code = view_rows::lot(db, order.lot)?.map(|lot| lot.code).unwrap_or_default();
    if let Some(problem) = crate::gate::unkept(db, release, at)?.into_iter().next() {
        let stopped = Stopped { lot: order.lot, code, door: Door::Certificate, problem };
        return Err(GateRefused::Stopped(stopped).into());
    }
    let items = crate::gate::told_otherwise(db, release, order.lot)?;
    if !items.is_empty() {
        return Err(CertificateRefused::ToldOtherwise { lot: order.lot, what: items.join(", ") }.into());
    }
    Ok(())
}

/// The names of everybody who signed.
fn names(
    db: &mut Db,
    first: [PersonId; 2],
    results: &BTreeMap<ResultId, Measured>,
) -> Result<BTreeMap<PersonId, Names>, StoreError> {
    let mut signed = BTreeSet::from(first);
    for result in results.values() {
        let signatures = [&result.tested, &result.reviewed, &result.released];
        signed.extend(signatures.into_iter().flatten().map(|signed| signed.person));
    }
    signed.into_iter().map(|person| Ok((person, view_rows::person(db, person)?))).collect()
}

/// The release that a certificate rests on, when it was, and the edition it was by: the one the lot goes
/// upon, its own or that of the lot it was split off, where that is right for the customer; a revision may
/// rest on that of the certificate it replaces.
fn upon(db: &mut Db, order: &Order, at: Instant) -> Result<(LotReleased, Instant, Version), Stop> {
    let edition = |db: &mut Db, release: &LotReleased| -> Result<Version, Stop> {
        let version = specifications::find(db, release.specification_version)?;
        Ok(version.ok_or(CertificateRefused::NoSuch(release.specification_version.into()))?)
    };
    let present = match crate::gate::released_as(db, order.lot)? {
        Some(of) => rows::release_then(db, of.disposition)?,
        None => None,
    };
    if let Some((release, released_at)) = &present {
        let version = edition(db, release)?;
        if right_customer(db, order, release, &version, at)? {
            return Ok((release.clone(), *released_at, version));
        }
    }
    let earlier = match &order.replaces {
        Some((old, _)) => rows::release_then(db, old.disposition)?,
        None => None,
    };
    match (earlier, present) {
        (Some((release, released_at)), _) => {
            let version = edition(db, &release)?;
            Ok((release, released_at, version))
        }
        (None, Some(_)) => {
            Err(CertificateRefused::OtherCustomer { lot: order.lot, customer: order.customer }.into())
        }
        (None, None) => Err(CertificateRefused::NotReleased(order.lot).into()),
    }
}

/// Whether a lot was released for this customer, or in general where the customer has no edition of its own.
fn right_customer(
    db: &mut Db,
    order: &Order,
    release: &LotReleased,
    version: &Version,
    at: Instant,
) -> Result<bool, StoreError> {
    let all = specifications::of_material(db, version.material)?;
    let right = crate::specification::rules::right_ones(&all, Some(order.customer), at);
    let meant = release.customer.is_none() || release.customer == Some(order.customer);
    Ok(meant && (right.is_empty() || right.iter().any(|of| of.id == version.id)))
}

/// The results behind the printed figures, as they stand; one that no longer stands forbids a leave to use
/// the lot, for its line would be missing.
fn results(
    db: &mut Db,
    lot: &view_rows::Lot,
    release: &LotReleased,
    disposition: &Disposition,
) -> Result<BTreeMap<ResultId, Measured>, Stop> {
    // A part of another moisture has other figures than the lot that was released.
    let leave = disposition.gives_leave();
    if leave && crate::release::case::part_reads_otherwise(db, release.disposition, lot.id)?.is_some() {
        return Err(CertificateRefused::NotReleased(lot.id).into());
    }
    let found = releases::results(db, release.lot)?;
    let found: BTreeMap<ResultId, Measured> = found.into_iter().map(|result| (result.id, result)).collect();
    let needed = release.lines.iter().flat_map(|line| &line.results);
    match needed.copied().find(|id| !found.contains_key(id)) {
        Some(gone) if leave => Err(CertificateRefused::ResultGone(gone).into()),
        _ => Ok(found),
    }
}

fn series(
    db: &mut Db,
    order: &Order,
    at: Instant,
    institute: &authority::Institute,
) -> Result<(i64, i64, u32), StoreError> {
    if let Some((old, _)) = &order.replaces {
        return Ok((old.series.0, old.series.1, old.revision + 1));
    }
    let year = i64::from(at.timestamp().to_zoned(institute.time_zone.zone()).year());
    Ok((year, rows::last_serial(db, year)? + 1, 0))
}

/// A certificate was issued.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateIssued {
    /// It.
    pub certificate: CertificateId,
    /// For which lot.
    pub lot: LotId,
    /// To whom.
    pub party: PartyId,
    /// Against which edition.
    pub specification_version: SpecificationVersionId,
    /// Upon which decision.
    pub disposition: DispositionId,
    /// The year of its number.
    pub year: i64,
    /// Its place in the year.
    pub serial: i64,
    /// SHA-256 of its canonical JSON, in lower-case hex.
    pub json_sha256: String,
    /// The results printed on it.
    pub results: Vec<ResultId>,
    /// The lines of one that gives no leave to use the lot; of any other those of its release.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub told: Option<Vec<Line>>,
    /// Under which authorisation it was signed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub authorisation: Option<kernel::AuthorisationId>,
    /// By whom.
    pub person: PersonId,
    /// The metal balances it rests on.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub balances: BTreeSet<BalanceId>,
    /// What of its grounds had fallen before, and an override of the release answers for.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub answered: Vec<Ground>,
    /// What was given besides the rows.
    pub given: Given,
    /// The certificate itself.
    pub document: CertificateDocument,
}

impl Fact for CertificateIssued {
    const KIND: &'static str = "certificate.issued";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.certificate.into(), self.lot.into(), self.disposition.into(), self.party.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        let to = self.certificate;
        let mut edges = vec![
            Edge::new(self.lot, to, EdgeRole::Certified),
            Edge::new(self.disposition, to, EdgeRole::Decision),
            Edge::new(self.specification_version, to, EdgeRole::Specification),
            Edge::new(self.person, to, EdgeRole::By),
        ];
        edges.extend(self.authorisation.map(|by| Edge::new(by, to, EdgeRole::Authorisation)));
        let results: BTreeSet<ResultId> = self.results.iter().copied().collect();
        edges.extend(results.into_iter().map(|result| Edge::new(result, to, EdgeRole::Certified)));
        edges.extend(self.balances.iter().map(|balance| Edge::new(*balance, to, EdgeRole::Certified)));
        edges
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::put(db, self, applied.at, applied.person)?;
        ground_rows::rests_on_balances(db, self.certificate, &self.balances)?;
        if !self.answered.is_empty() {
            let put = rows::find(db, self.certificate)?;
            let put = put.ok_or_else(|| StoreError::Missing(self.certificate.to_string()))?;
            ground_rows::answer(db, &put, &self.answered, applied, None)?;
        }
        let document = &self.document;
        let label = label(&document.number, document.revision);
        let words = format!("{label} {} {}", document.lot.code, document.verification.code);
        store::index(db, self.certificate.into(), &label, &words)
    }

    fn samples() -> Vec<Self> {
        let document = paper::sample::manganese_sulphate();
        vec![CertificateIssued {
            certificate: CertificateId(12),
            lot: LotId(31),
            party: PartyId(2),
            specification_version: SpecificationVersionId(6),
            disposition: DispositionId(50),
            year: 2026,
            serial: 12,
            json_sha256: store::sha256(&document.canonical()),
            results: vec![ResultId(101)],
            told: None,
            authorisation: None,
            person: PersonId(3),
            balances: BTreeSet::from([BalanceId(72)]),
            answered: Vec::new(),
            given: Given::default(),
            document,
        }]
    }
}

/// `C-2026-0012`, and `C-2026-0012 / 1` for a revision.
pub(crate) fn label(number: &str, revision: u32) -> String {
    if revision == 0 { number.to_owned() } else { format!("{number} / {revision}") }
}
