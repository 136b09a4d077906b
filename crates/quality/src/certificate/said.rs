//! What whoever signs a certificate says besides the rows: the fields that issuing and superseding share.

use kernel::Names;
use measure::Decimal;
use serde::{Deserialize, Serialize};

use crate::given::{Count, Words, YesNo};

/// A command with the fields of [`Given`] behind its own.
macro_rules! said_besides {
    (
        $(#[$doc:meta])* pub struct $name:ident {
            $( $(#[$field_doc:meta])* pub $field:ident: $type:ty, )*
        }
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, serde::Serialize, serde::Deserialize, utoipa::ToSchema)]
        #[serde(deny_unknown_fields)]
        pub struct $name {
            $( $(#[$field_doc])* pub $field: $type, )*
            /// Contract or order number.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub contract: Option<$crate::given::Words>,
            /// Number of packages.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub packages: Option<$crate::given::Count>,
            /// What the packages are: big bags, drums.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub package_kind: Option<kernel::Names>,
            /// Gross mass, kg.
            #[schema(value_type = Option<String>)]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub gross_kg: Option<measure::Decimal>,
            /// Net mass as received, kg; the lot's own when left out.
            #[schema(value_type = Option<String>)]
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub net_kg: Option<measure::Decimal>,
            /// The sampling plan as printed; the samples' own when left out.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub sampling_plan: Option<kernel::Names>,
            /// A remark.
            #[serde(default, skip_serializing_if = "Option::is_none")]
            pub remark: Option<kernel::Names>,
            /// Whether the data are made up, for demonstration or training.
            #[serde(default)]
            pub synthetic: $crate::given::YesNo,
        }

        impl $name {
            fn given(&self) -> $crate::certificate::said::Given {
                $crate::certificate::said::Given {
                    contract: self.contract.clone(),
                    packages: self.packages,
                    package_kind: self.package_kind.clone(),
                    gross_kg: self.gross_kg,
                    net_kg: self.net_kg,
                    sampling_plan: self.sampling_plan.clone(),
                    remark: self.remark.clone(),
                    synthetic: self.synthetic,
                }
            }
        }
    };
}
pub(super) use said_besides;

/// What is said on a certificate besides the rows; each field as in [`super::issue::IssueCertificate`].
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Given {
    /// Contract or order number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub contract: Option<Words>,
    /// Number of packages.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub packages: Option<Count>,
    /// What the packages are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub package_kind: Option<Names>,
    /// Gross mass, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gross_kg: Option<Decimal>,
    /// Net mass as received, kg.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub net_kg: Option<Decimal>,
    /// The sampling plan.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sampling_plan: Option<Names>,
    /// A remark.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remark: Option<Names>,
    /// Whether the data are made up.
    #[serde(default)]
    pub synthetic: YesNo,
}
