//! Supersede a certificate by its next revision.

use kernel::{Act, Actor, CertificateId, Edge, EdgeRole, Meaning, Names, Ref, Role};
use serde::{Deserialize, Serialize};
use store::{Applied, Command, Context, Db, Fact, Facts, Prepared, Stop, Store, StoreError};

use super::issue::{Order, certify_act, issued};
use super::rules::CertificateRefused;
use super::said::{Given, said_besides};
use super::{prepare, rows};

said_besides! {
    /// Supersede a certificate: the next revision is issued from the rows as they stand, and the old one says
    /// so.
    pub struct SupersedeCertificate {
        /// The certificate to be superseded.
        pub certificate: CertificateId,
        /// Why, in both languages: it is printed.
        pub because: Names,
    }
}

impl Command for SupersedeCertificate {
    const NAME: &'static str = "certificate.supersede";
    const ROLES: &'static [Role] = &[Role::QualityManager];
    const SIGNS: Option<Meaning> = Some(Meaning::Approved);
    const EXAMPLE: &'static str = r#"{"certificate":"certificate-12",
        "because":{"en":"Net mass corrected after reweighing","zh":"复磅后更正净重"},"net_kg":"23980"}"#;

    fn acts(&self, db: &mut Db) -> Result<Vec<Act>, StoreError> {
        match rows::find(db, self.certificate)? {
            Some(old) => certify_act(db, old.lot),
            None => Ok(Vec::new()),
        }
    }

    const PREPARES: bool = true;

    fn prepare(&self, store: &Store, actor: &Actor) -> Result<Option<Prepared>, StoreError> {
        prepare::prepare(store, actor, self)
    }

    fn handle(&self, db: &mut Db, cx: &mut Context<'_>) -> Result<Facts, Stop> {
        let Some(old) = rows::find(db, self.certificate)? else {
            return Err(CertificateRefused::NoSuch(self.certificate.into()).into());
        };
        if old.superseded.is_some() {
            return Err(CertificateRefused::AlreadySuperseded(old.id).into());
        }
        let before: Given =
            serde_json::from_str(&old.given).map_err(|why| StoreError::stored(old.id, why))?;
        let (certificate, lot, customer) = (old.id, old.lot, old.party);
        let given = merged(before, self.given());
        let order = Order { lot, customer, given, replaces: Some((old, self.because.clone())) };
        let (next, rendered) = issued(db, cx, order)?;
        let by = next.certificate;
        let mut facts = Facts::one(next);
        rendered.into_iter().for_each(|rendered| facts.push(rendered));
        facts.push(CertificateSuperseded { certificate, by, because: self.because.clone() });
        Ok(facts)
    }
}

fn merged(before: Given, now: Given) -> Given {
    Given {
        contract: now.contract.or(before.contract),
        packages: now.packages.or(before.packages),
        package_kind: now.package_kind.or(before.package_kind),
        gross_kg: now.gross_kg.or(before.gross_kg),
        net_kg: now.net_kg.or(before.net_kg),
        sampling_plan: now.sampling_plan.or(before.sampling_plan),
        remark: now.remark.or(before.remark),
        synthetic: if now.synthetic.0 { now.synthetic } else { before.synthetic },
    }
}

/// A certificate was superseded.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CertificateSuperseded {
    /// The old one.
    pub certificate: CertificateId,
    /// The next revision.
    pub by: CertificateId,
    /// Why.
    pub because: Names,
}

impl Fact for CertificateSuperseded {
    const KIND: &'static str = "certificate.superseded";

    fn subjects(&self) -> Vec<Ref> {
        vec![self.certificate.into(), self.by.into()]
    }

    fn edges(&self) -> Vec<Edge> {
        vec![Edge::new(self.certificate, self.by, EdgeRole::Supersedes)]
    }

    fn apply(&self, db: &mut Db, applied: &Applied) -> Result<(), StoreError> {
        rows::supersede(db, self.certificate, self.by, applied.at, &self.because)
    }

    fn samples() -> Vec<Self> {
        let because = Names { en: "Net mass corrected".into(), zh: "更正净重".into() };
        vec![CertificateSuperseded { certificate: CertificateId(12), by: CertificateId(14), because }]
    }
}
