-- The published mentions as one page, which opens from disk and loads nothing:
-- the template in macros/publishing/page/, and the data as JSON.
--
-- It is named below so that the page waits for the same audits as the JSON.
-- depends_on: {{ ref('raw_file_reconciliation') }}
with embedded as (

    select * from {{ ref('page_columns') }}

),

totals as (

    select * from {{ ref('page_totals') }}

),

accounts as (

    select * from {{ ref('page_accounts') }}

),

template as (

    -- A checkout for Windows may end lines in CR LF. A browser reads them as LF
    -- before it compares them with the hashes of the policy below.
    select
        name,
        replace(content, chr(13), '') as content
    from {{ source('seeds', 'page_template') }}

),

data as (

    -- Without `<`, a title can't end the element that holds the data.
    select
        replace(
            replace(
                replace(
                    to_json({
                        'listed_drugs': totals.listed_drugs,
                        'all': totals.totals,
                        'drugs': embedded.drugs,
                        'journals': embedded.journals,
                        'publications': embedded.publications,
                        'mentions': embedded.mentions,
                        'texts': embedded.texts,
                        'embedded': embedded.embedded,
                        'records': accounts  -- noqa: RF02
                    })::varchar,
                    '<', '\u003c'
                ),
                chr(8232), '\u2028'
            ),
            chr(8233), '\u2029'
        ) as content
    from embedded
    cross join totals
    cross join accounts

),

code as (

    select
        min(content) filter (where name = 'page.html') as page,
        min(content) filter (where name = 'style.css') as style,
        -- The libraries first, then the page's own files by their numbers.
        string_agg(
            content, chr(10)
            order by not starts_with(name, 'libraries/'), name
        ) filter (where ends_with(name, '.js')) as script
    from template

),

-- The policy names the hashes of the script and the style, so the browser runs
-- only these, and fetches nothing, whatever a title says.
filled as (

    select
        replace(
            replace(
                replace(
                    page,
                    '%%policy%%',
                    'default-src ''none''; img-src data:; base-uri ''none''; '
                    || 'form-action ''none''; '
                    || 'require-trusted-types-for ''script''; '
                    || 'trusted-types ''none''; '
                    || 'script-src ''sha256-'
                    || to_base64(unhex(sha256(script)))
                    || '''; style-src ''sha256-'
                    || to_base64(unhex(sha256(style)))
                    || ''''
                ),
                '%%style%%',
                style
            ),
            '%%script%%',
            script
        ) as page
    from code

),

page as (

    -- The data come last, so that nothing is replaced in them.
    select replace(filled.page, '%%data%%', data.content) as content
    from filled
    cross join data

)

select * from page
