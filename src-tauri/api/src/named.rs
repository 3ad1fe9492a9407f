//! Enums of the API: a closed set of names, as a schema of its own, converted from the model's by a `match`
//! that a new variant breaks. (utoipa's derive does not see names that come from a macro.)

/// Declares an enum of the API, and how the model's enum of the same name becomes it.
macro_rules! named {
    ($(#[doc = $doc_text:literal])* $(#[expect($($expected:tt)*)])? $name:ident $(from $domain:path)? { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[doc = $doc_text])*
        $(#[expect($($expected)*)])?
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
        pub enum $name {
            $($(#[$vdoc])* #[serde(rename = $text)] $variant,)+
        }

        impl utoipa::PartialSchema for $name {
            fn schema() -> utoipa::openapi::RefOr<utoipa::openapi::Schema> {
                utoipa::openapi::ObjectBuilder::new()
                    .schema_type(utoipa::openapi::Type::String)
                    .description(Some(concat!($($doc_text),+).trim()))
                    .enum_values(Some([$($text),+]))
                    .into()
            }
        }

        impl utoipa::ToSchema for $name {}

        $crate::named::named!(@from $name $(from $domain)? { $($variant),+ });
    };
    (@from $name:ident { $($variant:ident),+ }) => {};
    (@from $name:ident from $domain:path { $($variant:ident),+ }) => {
        impl From<$domain> for $name {
            fn from(value: $domain) -> Self {
                use $domain as Domain;
                match value { $(Domain::$variant => Self::$variant,)+ }
            }
        }

        impl From<$name> for $domain {
            fn from(value: $name) -> Self {
                use $domain as Domain;
                match value { $($name::$variant => Domain::$variant,)+ }
            }
        }
    };
}

pub(crate) use named;
