-- `&eacute;`, `&#233;` and `&#xe9;` become the letter that they stand for.
-- Anything else stays as it is. Texts that were encoded twice are decoded
-- twice: `&amp;eacute;`.
--
-- The entities are a text, not a map: DuckDB would build the map in every query
-- that folds a text.
create or replace macro known_entities() as
    ' amp=& lt=< gt=> quot=" apos='' nbsp=  iexcl=¡ cent=¢ pound=£ '
    || 'copy=© reg=® trade=™ deg=° plusmn=± sup1=¹ sup2=² sup3=³ acute=´ '
    || 'micro=µ para=¶ middot=· frac12=½ frac14=¼ frac34=¾ laquo=« '
    || 'raquo=» times=× divide=÷ ndash=– mdash=— lsquo=‘ rsquo=’ ldquo=“ '
    || 'rdquo=” prime=′ Prime=″ hellip=… bull=• shy=­ zwj=‍ zwnj=‌ '
    || 'thinsp=  ensp=  emsp=  minus=− le=≤ ge=≥ larr=← rarr=→ harr=↔ '
    || 'Aring=Å aring=å AElig=Æ aelig=æ OElig=Œ oelig=œ Oslash=Ø oslash=ø '
    || 'szlig=ß ETH=Ð eth=ð THORN=Þ thorn=þ Ccedil=Ç ccedil=ç Agrave=À '
    || 'Aacute=Á Acirc=Â Atilde=Ã Auml=Ä agrave=à aacute=á acirc=â '
    || 'atilde=ã auml=ä Egrave=È Eacute=É Ecirc=Ê Euml=Ë egrave=è '
    || 'eacute=é ecirc=ê euml=ë Igrave=Ì Iacute=Í Icirc=Î Iuml=Ï igrave=ì '
    || 'iacute=í icirc=î iuml=ï Ograve=Ò Oacute=Ó Ocirc=Ô Otilde=Õ Ouml=Ö '
    || 'ograve=ò oacute=ó ocirc=ô otilde=õ ouml=ö Ugrave=Ù Uacute=Ú '
    || 'Ucirc=Û Uuml=Ü ugrave=ù uacute=ú ucirc=û uuml=ü Ntilde=Ñ ntilde=ñ '
    || 'Yacute=Ý yacute=ý yuml=ÿ Scaron=Š scaron=š Zcaron=Ž zcaron=ž '
    || 'Ccaron=Č ccaron=č Rcaron=Ř rcaron=ř lstrok=ł Lstrok=Ł Alpha=Α '
    || 'Beta=Β Gamma=Γ Delta=Δ Epsilon=Ε Zeta=Ζ Eta=Η Theta=Θ Iota=Ι '
    || 'Kappa=Κ Lambda=Λ Mu=Μ Nu=Ν Xi=Ξ Omicron=Ο Pi=Π Rho=Ρ Sigma=Σ '
    || 'Tau=Τ Upsilon=Υ Phi=Φ Chi=Χ Psi=Ψ Omega=Ω alpha=α beta=β gamma=γ '
    || 'delta=δ epsilon=ε zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ '
    || 'mu=μ nu=ν xi=ξ omicron=ο pi=π rho=ρ sigma=σ sigmaf=ς tau=τ '
    || 'upsilon=υ phi=φ chi=χ psi=ψ omega=ω ';


-- A number without a character, such as `&#1114112;`, stays as it is.
create or replace macro decode_entity(entity) as case
    when entity like '&#%'
        then coalesce(
            try(chr(
                (replace(lower(entity[3:-2]), 'x', '0x'))::integer
            )),
            entity
        )
    else coalesce(
        nullif(
            split_part(
                split_part(
                    known_entities(), ' ' || entity[2:-2] || '=', 2
                ),
                ' ', 1
            ),
            ''
        ),
        entity
    )
end;


create or replace macro decode_entities(text) as list_aggregate(
    list_transform(
        regexp_extract_all(
            replace(text, '&amp;', '&'),
            -- `^$`, or an empty text would become null.
            '^$|&#[0-9]{1,7};|&#[xX][0-9a-fA-F]{1,6};'
            || '|&[a-zA-Z][a-zA-Z0-9]{1,7};|[^&]+|&'
        ),
        lambda part: case
            when part like '&_%;' then decode_entity(part) else part
        end
    ),
    'string_agg',
    ''
);
