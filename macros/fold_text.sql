{#- Names and titles are compared in this form only. Most titles are plain
    ASCII, and folding is the dearest step of a build, so what only other
    letters need stands behind a test. -#}
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
            when {{ text }} like '%<%'
                then {{ replace_pattern(text, '(?i)</?(?:i|b|u|em|strong|sub|sup)/?>', '') }}
            else {{ text }}
        end
    {%- endset -%}
    {%- set plain -%}
        translate(
            {{ strip_accents('lower(' ~ without_tags ~ ')') }},
            'µϐϑϕϖϰϱϵøłđħŧıſ⁰¹²³⁴⁵⁶⁷⁸⁹₀₁₂₃₄₅₆₇₈₉０１２３４５６７８９'
            || 'ａｂｃｄｅｆｇｈｉｊｋｌｍｎｏｐｑｒｓｔｕｖｗｘｙｚ',
            'μβθφπκρεoldhtis012345678901234567890123456789'
            || 'abcdefghijklmnopqrstuvwxyz'
        )
    {%- endset -%}
    case
        when {{ is_ascii(text) }}
            then trim(
                {{ replace_pattern('lower(' ~ without_tags ~ ')', ' *[^a-z0-9 ][^a-z0-9]*|  +', ' ') }}
            )
        else trim(
            {{ replace_pattern(
                replace_pattern(
                    "case when " ~ matches_pattern(plain, '[' ~ spelt_out | join ~ ']')
                    ~ " then " ~ replace_letters(plain, spelt_out)
                    ~ " else " ~ plain ~ " end",
                    '\\p{Cf}', ''
                ),
                ' *[^\\p{L}\\p{N} ][^\\p{L}\\p{N}]*|  +', ' '
            ) }}
        )
    end
{%- endmacro %}


{#- Whether a text has as many bytes as characters. -#}
{% macro is_ascii(text) -%}
    {{- adapter.dispatch('is_ascii', 'drug_mentions')(text) -}}
{%- endmacro %}


{% macro default__is_ascii(text) -%}
    bit_length({{ text }}) = 8 * length({{ text }})
{%- endmacro %}


{% macro bigquery__is_ascii(text) -%}
    byte_length({{ text }}) = length({{ text }})
{%- endmacro %}


{#- Letters that several stand for: `translate` knows one for one only. -#}
{% macro replace_letters(text, replacements) -%}
    {{- adapter.dispatch('replace_letters', 'drug_mentions')(text, replacements) -}}
{%- endmacro %}


{% macro duckdb__replace_letters(text, replacements) -%}
    array_to_string(
        list_transform(
            string_split({{ text }}, ''),
            lambda letter: coalesce(map {{ replacements }}[letter], letter)
        ),
        ''
    )
{%- endmacro %}


{% macro spark__replace_letters(text, replacements) -%}
    {%- set letters = [] -%}
    {%- for letter, replacement in replacements.items() -%}
        {%- do letters.append("'" ~ letter ~ "', '" ~ replacement ~ "'") -%}
    {%- endfor -%}
    array_join(
        transform(
            split({{ text }}, ''),
            letter -> coalesce(map({{ letters | join(', ') }})[letter], letter)
        ),
        ''
    )
{%- endmacro %}


{% macro bigquery__replace_letters(text, replacements) -%}
    (
        select
            string_agg(
                case letter
                {%- for letter, replacement in replacements.items() %}
                    when '{{ letter }}' then '{{ replacement }}'
                {%- endfor %}
                    else letter
                end,
                ''
                order by place
            )
        from unnest(split({{ text }}, '')) as letter with offset as place
    )
{%- endmacro %}
