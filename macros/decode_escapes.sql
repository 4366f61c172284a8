{#- Exports from Python leave bytes spelt out: \xc3\xb1 for ñ. A run of such
    escapes is decoded as a whole, and removed as a whole when it is not UTF-8:
    half a run would be guess-work. -#}
{% macro decode_escapes(text) -%}
    {{- adapter.dispatch('decode_escapes', 'drug_mentions')(text) -}}
{%- endmacro %}


{% macro duckdb__decode_escapes(text) -%}
    case
        when contains({{ text }}, '\x')
            then array_to_string(
                list_transform(
                    regexp_extract_all(
                        {{ text }}, '(?:\\x[0-9a-fA-F]{2})+|[^\\]+|\\'
                    ),
                    lambda part: case
                        when regexp_matches(part, '^\\x[0-9a-fA-F]{2}')
                            then coalesce(
                                try(decode(unhex(replace(part, '\x', '')))), ''
                            )
                        else part
                    end
                ),
                ''
            )
        else {{ text }}
    end
{%- endmacro %}


{% macro spark__decode_escapes(text) -%}
    case
        when contains({{ text }}, '\x')
            then array_join(
                transform(
                    regexp_extract_all(
                        {{ text }}, '(?:\\x[0-9a-fA-F]{2})++|[^\\]++|\\', 0
                    ),
                    part -> case
                        when regexp_like(part, '^\\x[0-9a-fA-F]{2}')
                            then coalesce(
                                try_validate_utf8(
                                    cast(unhex(replace(part, '\x', '')) as string)
                                ),
                                ''
                            )
                        else part
                    end
                ),
                ''
            )
        else {{ text }}
    end
{%- endmacro %}


{% macro bigquery__decode_escapes(text) -%}
    case
        when strpos({{ text }}, r'\x') > 0
            then (
                select
                    string_agg(
                        case
                            when regexp_contains(part, r'^\\x[0-9a-fA-F]{2}')
                                then coalesce(
                                    safe_cast(
                                        from_hex(replace(part, r'\x', '')) as string
                                    ),
                                    ''
                                )
                            else part
                        end,
                        ''
                        order by place
                    )
                from unnest(regexp_extract_all(
                    {{ text }}, r'(?:\\x[0-9a-fA-F]{2})+|[^\\]+|\\'
                )) as part with offset as place
            )
        else {{ text }}
    end
{%- endmacro %}
