{#- Stops before anything is published when no record of a raw file can be used:
    a file with nothing in it must not look like one without mentions. -#}
{% macro stop_at_unusable_files() -%}
    {%- if execute and not flags.EMPTY and not var('allow_unusable_files') -%}
        {%- set unusable = query_rows("
            select
                staged_files.raw_file,
                staged_files.records_staged,
                any_value(records.line_number order by records.table_position) as line,
                any_value(records.defect order by records.table_position) as defect,
                any_value(left(records.raw_text, 200) order by records.table_position) as raw_text
            from " ~ this ~ " as staged_files
            inner join " ~ ref('int_records') ~ " as records
                on staged_files.raw_file = records.raw_file
            where staged_files.records_usable = 0
            group by staged_files.raw_file, staged_files.records_staged
            order by staged_files.raw_file
        ") -%}
        {%- if unusable -%}
            {%- set remedies = {
                'unparseable_row': 'Give each row as many cells as the header, in UTF-8 and with sound quotes; write'
                ~ ' each record of JSON as valid JSON',
                'not_an_object': 'Write each record as an object, {"key": "text"}',
                'not_a_text': 'Write a text where a list or an object stands',
                'blank_title': 'Fill in the titles, below the column or key that is read as the title',
                'blank_drug_name': 'Fill in the names',
                'blank_atc_code': 'Fill in the ATC codes',
            } -%}
            {%- set lines = [] -%}
            {%- for raw_file, records, line, defect, raw_text in unusable -%}
                {%- do lines.append(
                    raw_file ~ ": none of its " ~ records | int ~ " records can be used. The first one"
                    ~ (", in line " ~ line | int ~ "," if line is not none else "") ~ " is put aside as "
                    ~ defect ~ ": " ~ raw_text ~ "\n" ~ remedies.get(defect, "Correct the records") ~ "."
                ) -%}
            {%- endfor -%}
            {{- exceptions.raise_compiler_error(
                lines | join('\n') ~ "\nOr take the file out of raw/. To publish without it all the same: "
                ~ "--vars '{allow_unusable_files: true}'. What was published before is still there."
            ) -}}
        {%- endif -%}
    {%- endif -%}
{%- endmacro %}
