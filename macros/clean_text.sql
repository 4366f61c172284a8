{#- Most texts are clean, and finding that out is five times cheaper than
    cleaning them: printable ASCII, single blanks, none at the ends, no escapes.

    Nothing may stand at the ends that prints nothing: zero-width spaces and
    joiners, direction marks, the byte order mark, the soft hyphen. -#}
{% macro clean_text(text) -%}
    {%- set invisible = ' \\x{AD}\\x{61C}\\x{180E}\\x{200B}-\\x{200F}'
        ~ '\\x{202A}-\\x{202E}\\x{2060}-\\x{2064}\\x{2066}-\\x{206F}\\x{FEFF}' -%}
    case
        when {{ matches_pattern(text, '[^ -~]|  |^ | $|\\\\x') }}
            then nullif(
                {{ replace_pattern(
                    replace_pattern(decode_escapes(text), '[\\s\\p{Z}\\p{Cc}]+', ' '),
                    '^[' ~ invisible ~ ']+|[' ~ invisible ~ ']+$', ''
                ) }},
                ''
            )
        else nullif({{ text }}, '')
    end
{%- endmacro %}
