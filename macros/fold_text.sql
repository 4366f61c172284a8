{#- Names and titles are compared in this form only. Most titles are plain
    ASCII, and folding is the dearest step of a build, so what only other
    letters need stands behind a test (strlen counts bytes, length counts
    characters). -#}
{% macro fold_text(text) -%}
    {%- set spelt_out = {
        'α': 'alpha', 'β': 'beta', 'γ': 'gamma', 'δ': 'delta',
        'ε': 'epsilon', 'ζ': 'zeta', 'η': 'eta', 'θ': 'theta',
        'ι': 'iota', 'κ': 'kappa', 'λ': 'lambda', 'μ': 'mu', 'ν': 'nu',
        'ξ': 'xi', 'ο': 'omicron', 'π': 'pi', 'ρ': 'rho', 'σ': 'sigma',
        'ς': 'sigma', 'τ': 'tau', 'υ': 'upsilon', 'φ': 'phi', 'χ': 'chi',
        'ψ': 'psi', 'ω': 'omega', 'ß': 'ss', 'æ': 'ae', 'œ': 'oe',
        'ĳ': 'ij', 'ﬀ': 'ff', 'ﬁ': 'fi', 'ﬂ': 'fl', 'ﬃ': 'ffi', 'ﬄ': 'ffl',
        'ﬅ': 'st', 'ﬆ': 'st'
    } -%}
    {%- set without_tags -%}
        case
            when contains({{ text }}, '<')
                then regexp_replace(
                    {{ text }},
                    '(?i)</?(?:i|b|u|em|strong|sub|sup)/?>', '', 'g'
                )
            else {{ text }}
        end
    {%- endset -%}
    {%- set plain -%}
        translate(
            strip_accents(lower({{ without_tags }})),
            'µϐϑϕϖϰϱϵøłđħŧıſ⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉０１２３４５６７８９'
            || 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
            'μβθφπκρεoldhtis012345678901234567890123456789'
            || 'abcdefghijklmnopqrstuvwxyz'
        )
    {%- endset -%}
    case
        when strlen({{ text }}) = length({{ text }})
            then trim(
                regexp_replace(
                    lower({{ without_tags }}),
                    ' *[^a-z0-9 ][^a-z0-9]*|  +', ' ', 'g'
                )
            )
        else trim(
            regexp_replace(
                regexp_replace(
                    case
                        when regexp_matches({{ plain }}, '[{{ spelt_out | join }}]')
                            then array_to_string(
                                list_transform(
                                    string_split({{ plain }}, ''),
                                    lambda letter: coalesce(
                                        map {{ spelt_out }}[letter], letter
                                    )
                                ),
                                ''
                            )
                        else {{ plain }}
                    end,
                    '\p{Cf}', '', 'g'
                ),
                ' *[^\p{L}\p{N} ][^\p{L}\p{N}]*|  +', ' ', 'g'
            )
        )
    end
{%- endmacro %}
