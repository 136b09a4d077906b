//! What is refused of certificates. Pure.

use kernel::{CertificateId, Kind, LotId, PartyId, PersonId, Ref, Refusal, Refuse, ResultId};

use super::rows::Certificate;
use super::standing::{Ground, Standing, Why};

/// Refusals, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum CertificateRefused {
    /// A record that is named does not exist.
    NoSuch(Ref),
    /// The institute has no name and address yet.
    NoInstitute,
    /// The lot is not released.
    NotReleased(LotId),
    /// The lot is held.
    Held {
        /// Which.
        lot: LotId,
        /// By which hold.
        hold: Ref,
    },
    /// The lot was released for another customer, or the customer's own edition was not used.
    OtherCustomer {
        /// Which lot.
        lot: LotId,
        /// Who asked for it.
        customer: PartyId,
    },
    /// The lot was consumed or lost, or delivered to somebody else.
    NotThere {
        /// Its code.
        lot: String,
    },
    /// A mass or a number of packages that cannot be the lot's.
    Mass {
        /// The field: net_kg, gross_kg, packages.
        field: &'static str,
        /// What was said.
        value: String,
        /// The most it can be, kg; empty where there is no such bound.
        most: String,
    },
    /// A result of the decision no longer stands.
    ResultGone(ResultId),
    /// The results of the lot come to something else today than it was released upon.
    ToldOtherwise {
        /// Which lot.
        lot: LotId,
        /// The items.
        what: String,
    },
    /// Something else that the release rests on no longer stands.
    GroundGone(Ground),
    /// A character that no font has.
    Unprintable {
        /// The place in the certificate.
        field: String,
        /// The character.
        character: String,
        /// Its code point: `U+C11C`.
        code: String,
        /// In how many places there are such.
        number: usize,
    },
    /// It cannot be typeset, for another reason.
    NotTypeset(String),
    /// Its dossier would not hold before our own verifier.
    DossierWrong(String),
    /// The revision was superseded before.
    AlreadySuperseded(CertificateId),
    /// It was withdrawn before.
    AlreadyWithdrawn(CertificateId),
    /// There is no review to end.
    NotUnderReview(CertificateId),
    /// A ground that cannot be found sound: a void result, a hold, a rejection.
    NotSound {
        /// Which certificate.
        certificate: CertificateId,
        /// Which ground.
        ground: Ground,
    },
    /// Whoever signed a certificate does not end its review.
    OwnCertificate(CertificateId),
    /// Nobody signs a certificate but a person.
    NoPerson,
}

const NO_INSTITUTE: &str = "certificate-no-institute";

impl Refuse for CertificateRefused {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.8.2.1";
        match self {
            Self::NoSuch(what) => Refusal::new("quality-no-such", "HOUSE one path 3").with("what", what),
            Self::NoInstitute => Refusal::new(NO_INSTITUTE, clause).remedy("institute.set", None),
            Self::NotReleased(lot) => {
                let refusal = Refusal::new("certificate-lot-not-released", "ISO 9001:2015 8.6");
                refusal.with("lot", lot).remedy("lot.release", Some((*lot).into()))
            }
            Self::Held { lot, hold } => {
                let refusal = Refusal::new("certificate-lot-held", "ISO 9001:2015 8.7").with("lot", lot);
                refusal.with("hold", hold).remedy("hold.lift", Some(*hold))
            }
            Self::OtherCustomer { lot, customer } => {
                let refusal = Refusal::new("certificate-other-customer", "ISO/IEC 17025:2017 7.8.6");
                let refusal = refusal.with("lot", lot).with("customer", customer);
                refusal.remedy("lot.release", Some((*lot).into()))
            }
            Self::ResultGone(result) => {
                let refusal = Refusal::new("certificate-result-gone", "ISO/IEC 17025:2017 7.8.8");
                refusal.with("result", result).remedy("lot.release", Some((*result).into()))
            }
            Self::ToldOtherwise { lot, what } => {
                let refusal = Refusal::new("certificate-told-otherwise", "ISO/IEC 17025:2017 7.8.1.2");
                refusal.with("lot", lot).with("what", what).remedy("lot.release", Some((*lot).into()))
            }
            Self::GroundGone(ground) => {
                let refusal = Refusal::new("certificate-ground-gone", "ISO/IEC 17025:2017 7.8.8");
                let refusal = refusal.with("record", ground.record).with("act", ground.act);
                let refusal = refusal.with("ground", ground.why.word());
                match ground.why {
                    Why::Outdated => refusal.remedy("lot.release", Some(ground.act)),
                    _ => refusal
                        .remedy("result.retest", Some(ground.act).filter(|act| act.kind == Kind::Result)),
                }
            }
            Self::AlreadyWithdrawn(certificate) => {
                Refusal::new("certificate-already-withdrawn", "ISO/IEC 17025:2017 7.8.8")
                    .with("certificate", certificate)
            }
            Self::NotUnderReview(certificate) => {
                Refusal::new("certificate-not-under-review", "ISO/IEC 17025:2017 7.10.2")
                    .with("certificate", certificate)
            }
            Self::NotSound { certificate, ground } => {
                let refusal = Refusal::new("certificate-ground-not-sound", "ISO/IEC 17025:2017 7.10.1");
                let refusal = refusal.with("record", ground.record).with("ground", ground.why.word());
                match ground.why {
                    Why::Hold => refusal.remedy("hold.lift", Some(ground.record)),
                    _ => refusal.remedy("certificate.withdraw", Some((*certificate).into())),
                }
            }
            Self::OwnCertificate(certificate) => {
                let refusal = Refusal::new("certificate-own", "ISO/IEC 17025:2017 7.10.2");
                let refusal = refusal.with("certificate", certificate);
                refusal.remedy("certificate.confirm", Some((*certificate).into()))
            }
            Self::AlreadySuperseded(certificate) => {
                Refusal::new("certificate-already-superseded", "ISO/IEC 17025:2017 7.8.8")
                    .with("certificate", certificate)
            }
            Self::NoPerson => Refusal::new("certificate-no-person", clause),
            Self::NotThere { .. }
            | Self::Mass { .. }
            | Self::Unprintable { .. }
            | Self::NotTypeset(_)
            | Self::DossierWrong(_) => self.of_the_paper(),
        }
    }
}

impl CertificateRefused {
    /// What cannot be stated, or cannot be printed.
    fn of_the_paper(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.8.2.1";
        match self {
            Self::NotThere { lot } => Refusal::new("certificate-lot-not-there", clause).with("lot", lot),
            Self::Mass { field, value, most } => {
                let refusal = Refusal::new("certificate-mass", "ISO/IEC 17025:2017 7.8.2.1");
                refusal.with("field", field).with("value", value).with("most", most)
            }
            Self::Unprintable { field, character, code, number } => {
                let refusal = Refusal::new("certificate-unprintable", "ISO 19005-3:2012 6.2.11");
                let refusal = refusal.with("field", field).with("character", character);
                refusal.with("code", code).with("number", number)
            }
            Self::NotTypeset(why) => {
                Refusal::new("certificate-not-typeset", "ISO 19005-3:2012 6.2.11").with("why", why)
            }
            Self::DossierWrong(why) => Refusal::new("certificate-dossier-wrong", clause).with("why", why),
            _ => Refusal::new("certificate-no-person", clause),
        }
    }
}

/// Whether a certificate may be withdrawn: it is the latest of its number and a person answers for it.
///
/// # Errors
/// Superseded or withdrawn before.
pub fn may_withdraw(of: &Certificate, by: Option<PersonId>) -> Result<PersonId, CertificateRefused> {
    if of.superseded.is_some() {
        return Err(CertificateRefused::AlreadySuperseded(of.id));
    }
    if of.withdrawn.is_some() {
        return Err(CertificateRefused::AlreadyWithdrawn(of.id));
    }
    by.ok_or(CertificateRefused::NoPerson)
}

/// Whether this person may end the review of a certificate, finding that it stands.
///
/// # Errors
/// Decided before, nothing in doubt, a ground that cannot be sound, or the signer's own certificate.
pub fn may_confirm(
    of: &Certificate,
    stands: &Standing,
    by: Option<PersonId>,
) -> Result<PersonId, CertificateRefused> {
    may_withdraw(of, by)?;
    let Standing::UnderReview { grounds } = stands else {
        return Err(CertificateRefused::NotUnderReview(of.id));
    };
    if let Some(ground) = grounds.iter().find(|ground| !ground.why.may_be_confirmed()) {
        return Err(CertificateRefused::NotSound { certificate: of.id, ground: ground.clone() });
    }
    let by = by.ok_or(CertificateRefused::NoPerson)?;
    if of.issued_by == Some(by) { Err(CertificateRefused::OwnCertificate(of.id)) } else { Ok(by) }
}
