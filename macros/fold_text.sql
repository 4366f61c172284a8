{#- Names and titles are compared in this form only. Most titles are plain
    ASCII, and folding is the dearest step of a build, so what only other
    scripts need stands behind a test (strlen counts bytes, length counts
    characters). -#}
{% macro fold_text(text) -%}
    {%- set greek = {
        'α': 'alpha', 'β': 'beta', 'γ': 'gamma', 'δ': 'delta',
        'ε': 'epsilon', 'ζ': 'zeta', 'η': 'eta', 'θ': 'theta',
        'ι': 'iota', 'κ': 'kappa', 'λ': 'lambda', 'μ': 'mu', 'ν': 'nu',
        'ξ': 'xi', 'ο': 'omicron', 'π': 'pi', 'ρ': 'rho', 'σ': 'sigma',
        'ς': 'sigma', 'τ': 'tau', 'υ': 'upsilon', 'φ': 'phi', 'χ': 'chi',
        'ψ': 'psi', 'ω': 'omega'
    } -%}
    {%- set ligatures = {
        'ß': 'ss', 'æ': 'ae', 'œ': 'oe', 'ﬀ': 'ff', 'ﬁ': 'fi', 'ﬂ': 'fl',
        'ﬃ': 'ffi', 'ﬄ': 'ffl'
    } -%}
    {%- set without_tags -%}
        case
            when contains({{ text }}, '<')
                then regexp_replace(
                    {{ text }}, '(?i)</?(?:i|b|u|em|strong|sub|sup)/?>', '', 'g'
                )
            else {{ text }}
        end
    {%- endset -%}
    {%- set folded = namespace(text=
        "translate(strip_accents(lower(" ~ without_tags ~ ")), "
        ~ "'µøłđħı⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉', 'μoldhi01234567890123456789')"
    ) -%}
    {%- for letter, spelling in (greek.items() | list) + (ligatures.items() | list) -%}
        {%- set folded.text = "replace(" ~ folded.text ~ ", '" ~ letter ~ "', '" ~ spelling ~ "')" -%}
    {%- endfor -%}
    case
        when strlen({{ text }}) = length({{ text }})
            then trim(regexp_replace(
                lower({{ without_tags }}),
                ' *[^a-z0-9 ][^a-z0-9]*|  +', ' ', 'g'
            ))
        else trim(regexp_replace(
            regexp_replace({{ folded.text }}, '[\p{M}\p{Cf}]', '', 'g'),
            ' *[^\p{L}\p{N} ][^\p{L}\p{N}]*|  +', ' ', 'g'
        ))
    end
{%- endmacro %}
