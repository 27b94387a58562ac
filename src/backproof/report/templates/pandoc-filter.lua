-- Turns the Divs made by pandoc-preamble.tex into calls of pandoc-template.typ.
local statements = {
  bptheorem = "Theorem", bplemma = "Lemma", bpcorollary = "Corollary",
  bpdefinition = "Definition", bpremark = "Remark",
}

local function raw(text) return pandoc.RawInline("typst", text) end

local function append(list, items)
  for _, item in ipairs(items) do list:insert(item) end
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
    append(call, { inlines:remove(1), raw(", ") })
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
  local head = pandoc.List { raw("#theorem([" .. name .. "], [") }
  append(head, title)
  head:insert(raw("], ["))
  local result = pandoc.List { pandoc.Plain(head) }
  append(result, body)
  result:insert(pandoc.RawBlock("typst", "])" .. label))
  return result
end

local function div(element)
  local kind = element.classes[1]
  if kind == "bpstep" then return line("step", element, 2) end
  if kind == "bpmore" then return line("more", element, 1) end
  if kind == "bpchain" then return chain(element) end
  if kind == "bpproof" then return proof(element) end
  if kind == "bpevidence" then return wrapped("evidence", element) end
  if kind == "bplead" then return wrapped("lead", element) end
  if statements[kind] then return statement(statements[kind], element) end
end

-- \ref becomes the bare number, as in LaTeX
local function link(element)
  if element.attributes["reference-type"] == "ref" then
    return raw("#ref(<" .. element.attributes.reference .. ">)")
  end
end

return { { Div = div, Link = link } }
