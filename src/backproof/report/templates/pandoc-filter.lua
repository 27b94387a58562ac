-- Turns the Divs made by pandoc-preamble.tex into calls of pandoc-template.typ.
local statements = {
  bptheorem = "Theorem", bplemma = "Lemma", bpcorollary = "Corollary", bpexercise = "Exercise",
}

local calls = { divcontents = "#contents()", divnewpage = "#pagebreak()", divappendix = "#appendix()\n#set heading(numbering: \"A.1\")" }

local function raw(text) return pandoc.RawInline("typst", text) end

local function append(list, items)
  for _, item in ipairs(items) do list:insert(item) end
end

-- a formula with what is said for it: the LaTeX as a string, which pdf.py puts into words
local quoted = { ['"'] = '\\"', ["\\"] = "\\\\", ["\n"] = " " }
local function said(math)
  local call = math.mathtype == "DisplayMath" and "#displayed-said(\"" or "#said(\""
  return pandoc.List { raw(call .. math.text:gsub('["\\\n]', quoted) .. "\", "), math, raw(")") }
end

local function trimmed(inlines)
  while #inlines > 0 and (inlines[1].t == "Space" or inlines[1].t == "SoftBreak") do
    inlines:remove(1)
  end
  return inlines
end

-- step/more: `count` formulas, then the reason
local function line(name, div, count)
  local inlines = pandoc.utils.blocks_to_inlines(div.content)
  local call = pandoc.List { raw("  " .. name .. "(") }
  for _ = 1, count do
    trimmed(inlines)
    assert(#inlines > 0 and inlines[1].t == "Math", name .. ": a formula is missing")
    append(call, { inlines:remove(1), raw(", ") }) -- said by the filter that comes after this one
  end
  call:insert(raw("["))
  append(call, trimmed(inlines))
  call:insert(raw("]),"))
  return pandoc.Plain(call)
end

local function chain(div)
  local blocks = pandoc.List { pandoc.Plain { raw("#chain("), div.content[1].content[1], raw(",") } }
  for index = 2, #div.content do blocks:insert(div.content[index]) end
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

local function proof(div)
  local blocks = pandoc.List(div.content)
  local head = pandoc.List { raw("#proof[") }
  if blocks[1].t == "Para" then append(head, blocks:remove(1).content) end
  head:insert(raw("]"))
  blocks:insert(1, pandoc.Plain(head))
  blocks:insert(pandoc.RawBlock("typst", "#qed"))
  return blocks
end

local function wrapped(name, div)
  local blocks = pandoc.List { pandoc.RawBlock("typst", "#" .. name .. "[") }
  append(blocks, div.content)
  blocks:insert(pandoc.RawBlock("typst", "]"))
  return blocks
end

local function statement(name, div)
  local label = ""
  local body = pandoc.Div(div.content):walk {
    Span = function(span)
      if span.attributes.label then
        label = " <" .. span.identifier .. ">"
        return {}
      end
    end,
    Math = function(math)
      if math.mathtype == "InlineMath" then return { raw("#box["), math, raw("]") } end
    end,
    Para = function(para) return pandoc.Para(trimmed(para.content)) end,
  }.content
  local title = pandoc.utils.blocks_to_inlines(body:remove(1).content)
  local head = pandoc.List { raw((name == "Exercise" and "#exercise([" or "#theorem([") .. name .. "], [") }
  append(head, title)
  head:insert(raw("], ["))
  local result = pandoc.List { pandoc.Plain(head) }
  append(result, body)
  result:insert(pandoc.RawBlock("typst", "])" .. label))
  return result
end

-- a row of a table: titles, then words
local function cells(name, div)
  local call = pandoc.List { raw("  " .. name .. "(") }
  local blocks = pandoc.List(div.content)
  while #blocks > 0 and blocks[1].t == "Div" and blocks[1].classes[1] == "bptitle" do
    call:insert(raw("["))
    append(call, trimmed(pandoc.utils.blocks_to_inlines(blocks:remove(1).content)))
    call:insert(raw("], "))
  end
  call:insert(raw("["))
  append(call, trimmed(pandoc.utils.blocks_to_inlines(blocks)))
  call:insert(raw("]),"))
  return pandoc.Plain(call)
end

local function table_of(name, div)
  local blocks = pandoc.List { pandoc.RawBlock("typst", "#" .. name .. "(") }
  append(blocks, div.content)
  blocks:insert(pandoc.RawBlock("typst", ")"))
  return blocks
end

local function div(element)
  local kind = element.classes[1]
  if kind == "divstep" then return line("step", element, 2) end
  if kind == "divmore" then return line("more", element, 1) end
  if kind == "divchain" then return chain(element) end
  if kind == "bpproof" then return proof(element) end
  if kind == "divevidence" then return wrapped("evidence", element) end
  if kind == "divlead" then return wrapped("lead", element) end
  if kind == "divcaption" then return wrapped("caption", element) end
  if kind == "divabstract" then return wrapped("abstract", element) end
  if kind == "bpfigure" then return wrapped("picture", element) end
  if calls[kind] then return pandoc.RawBlock("typst", calls[kind]) end
  if kind == "divbeside" then
    local call = pandoc.List { raw("#beside(") }
    for _, title in ipairs(element.content) do
      call:insert(raw("["))
      append(call, trimmed(pandoc.utils.blocks_to_inlines(title.content)))
      call:insert(raw("], "))
    end
    call:insert(raw(")"))
    return pandoc.Plain(call)
  end
  if kind == "diventry" then return cells("entry", element) end
  if kind == "divrow" then return cells("boxed-row", element) end
  if kind == "bplegend" then return table_of("legend", element) end
  if kind == "bpbox" then return table_of("boxed-equations", element) end
  if statements[kind] then return statement(statements[kind], element) end
end

-- \ref becomes the bare number, as in LaTeX; marks and the places where they lead
local function link(element)
  local kind, where = element.target:match("^(%a+):(.*)$")
  if kind == "mark" then return raw("#mark(label(\"" .. where .. "\"))") end
  if kind == "place" then return raw("#place-here(\"" .. where .. "\")") end
  local reference = element.attributes["reference-type"]
  if reference == "ref" or reference == "ref*" then
    return raw("#ref(<" .. element.attributes.reference .. ">)")
  end
  if element.target:match("^#bib:") then
    local call = pandoc.List { raw("#link(label(\"" .. element.target:sub(2) .. "\"))[") }
    append(call, element.content)
    call:insert(raw("]"))
    return call
  end
end

return { { Div = div, Link = link }, { Math = said } }
