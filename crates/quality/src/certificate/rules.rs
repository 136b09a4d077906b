//! What is refused of certificates. Pure.

use kernel::{CertificateId, LotId, PartyId, Ref, Refusal, Refuse, ResultId};

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
    /// A result of the decision no longer stands.
    ResultGone(ResultId),
    /// The revision was superseded before.
    AlreadySuperseded(CertificateId),
    /// Nobody signs a certificate but a person.
    NoPerson,
}

impl Refuse for CertificateRefused {
    fn refusal(&self) -> Refusal {
        let clause = "ISO/IEC 17025:2017 7.8.2.1";
        match self {
            Self::NoSuch(what) => Refusal::new("quality-no-such", "HOUSE one path 3").with("what", what),
            Self::NoInstitute => {
                Refusal::new("certificate-no-institute", clause).remedy("institute.set", None)
            }
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
            Self::AlreadySuperseded(certificate) => {
                let refusal = Refusal::new("certificate-already-superseded", "ISO/IEC 17025:2017 7.8.8");
                refusal.with("certificate", certificate)
            }
            Self::NoPerson => Refusal::new("certificate-no-person", clause),
        }
    }
}
