{#- Most texts are clean, and finding that out is five times cheaper than
    cleaning them: printable ASCII, single blanks, none at the ends, no escapes. -#}
{% macro clean_text(text) -%}
    case
        when regexp_matches({{ text }}, '[^ -~]|  |^ | $|\\x')
            then nullif(
                trim(
                    regexp_replace(
                        {{ decode_escapes(text) }},
                        '[\s\p{Z}\p{Cc}]+', ' ', 'g'
                    ),
                    ' ' || {{ invisible_characters() }}
                ),
                ''
            )
        else nullif({{ text }}, '')
    end
{%- endmacro %}


{#- Characters that print nothing: zero-width spaces and joiners, direction
    marks, the byte order mark, the soft hyphen. By number, since nobody could
    see them here. -#}
{% macro invisible_characters() -%}
    {%- for code in [
        173, 1564, 6158, 8203, 8204, 8205, 8206, 8207, 8234, 8235, 8236, 8237,
        8238, 8288, 8289, 8290, 8291, 8292, 8294, 8295, 8296, 8297, 8298, 8299,
        8300, 8301, 8302, 8303, 65279
    ] -%}
        chr({{ code }}){{ " || " if not loop.last }}
    {%- endfor -%}
{%- endmacro %}
