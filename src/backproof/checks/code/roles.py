"""What the parameters of functions are for, by their names; and which functions do what."""

from __future__ import annotations

import inspect
import re
from functools import cache, lru_cache
from typing import Any, Final

#: What a parameter is given, by its name; the first row that fits counts.
ROLES: Final = {
    "pairs": r"(?:mini_?)?batch|training_data|train_data|pairs|dataset",
    "inputs": r"x|xs|x_?(?:train|batch|data|in|b|i)|inputs?|input_?(?:data|vector|values)|data|samples?|examples?"
              r"|features?|a_?0|images?|batch_?x|inp|questions|patterns?|v|values|row|point|obs(?:ervations?)?"
              r"|signals?|stimul(?:us|i)",
    "targets": r"y|ys|t|ts|d|targets?|target_?(?:vector|values|data)|labels?|desired|desired_?outputs?|expected|truth"
               r"|y_?(?:true|train|batch|data|hot|onehot|b|i)|one_?hot|classes|answers?|goals?|correct|wanted|teacher"
               r"|training_?outputs?|batch_?y|signs|wish(?:es|ed)?|sought|gold|want|ideal|reference|y_?hat_?star",
    "outputs": r"(?:a|z)l|y_?hat|yhat|y_?pred|preds?|predict(?:ed|ions?)|outputs?|outs?|probs?|probabilit(?:y|ies)"
               r"|p_?hat|o|guess|y_?out|final_?outputs?|output_?activations?",
    "rate": r"lr|l_?rate|eta|rate|learn(?:ing)?_?rate|step_?size|nu|stepsize|epsilon",
    "penalty": r"reg|lam|lambda_?|lambd|lmbda|lambda_reg|decay|l2|l2_?(?:reg|lambda)|weight_?decay"
               r"|regulari[sz]ation|wd|penalty",
    "momentum": r"momentum|mom|mu|beta|gamma",
    "either": r"alpha",  # a rate for a step, a penalty for a gradient
    "once": r"epochs?|n_?epochs?|num_?epochs?|n_?iter(?:ations?)?|iterations?|iters?|steps?|passes|max_?iter|times",
    "count": r"batch_?size|m|n_?samples|mini_?batch_?size|n_?examples",
    "seed": r"seed|random_?(?:state|seed)|rng_?seed",
    "quiet": r"verbose|debug|display|show|print_?\w*|log|plot",
    "net": r"net|network|model|nn|mlp|brain|params|parameters|weights_?and_?biases|theta|self",
}  # fmt: skip
SIZES: Final = (
    r"sizes?|shape|layers?|widths?|dims?|layer_?(?:sizes|dims|widths)|layers_?dims?|units|structure|topology"
    r"|architecture|n_?units|neurons|num_?neurons|layers_?sizes|counts|arch|dimensions|layer_?dimensions"
)

#: The kinds of functions, by what their names contain; the first row that fits counts.
KINDS: Final = {
    "step": r"step|fit|train|learn|epoch|sweep|update|sgd|descent|optimi[sz]e|descend|teach|adjust|improve"
            r"|correct|tune|adapt",
    "gradient": r"grad|back_?prop|backward|nabla|nudge|deriv|propagate_?back|bprop|evaluate|bp\b|diff"
                r"|slope|blame|sensitiv|pull",
    "forward": r"forward|predict|output|answer|recall|respond|propagate|predict_proba|scores|levels|infer|run|activate"
               r"|think|__call__|fprop|ff\b|compute|evaluate|layers?\b",
    "loss": r"loss|cost|error|objective|mse|nll|cross_?entropy|\bbce",
}  # fmt: skip


#: What is said of a parameter besides what it is: inputs_list, y_vec.
ENDS: Final = re.compile(r"_?(?:list|arr|array|vec|vector|matrix|mat|col|column|row|rows|np)$")


@cache
def role(name: str) -> str:
    """What a parameter of this name is for, "" where the name does not say."""
    low = name.casefold().strip("_")
    if name in {"T", "Y"}:
        return "targets"
    return _listed(low) or _listed(ENDS.sub("", low))


def _listed(low: str) -> str:
    return next((found for found, words in ROLES.items() if re.fullmatch(words, low)), "")


@cache
def kind(name: str) -> str:
    """What a function of this name does."""
    low = name.casefold()
    return next((found for found, words in KINDS.items() if re.search(words, low)), "")


#: The derivative of an activation by itself: sigmoid_gradient, relu_grad, d_tanh.
ACTS: Final = (
    r"(?:leaky_?)?(?:sigmoid|sig|logistic|tanh|relu|softmax|act(?:ivation)?|transfer|cost|loss|mse|squash|f|g)"
)
SLOPE: Final = re.compile(rf"_*(?:d_?{ACTS}|{ACTS}_?(?:d|deriv\w*|grad\w*|prime|slope|diff|back\w*|p))", re.IGNORECASE)


def is_slope(name: str) -> bool:
    """Whether a function of this name is the derivative of an activation, or of a cost by the outputs."""
    return bool(SLOPE.fullmatch(name))


def parameters(function: Any) -> list[inspect.Parameter]:
    """The parameters that can be given; none where the signature is not known."""
    try:
        return list(_parameters(function))
    except TypeError:  # what has no hash
        return list(_parameters.__wrapped__(function))


@lru_cache(maxsize=4096)
def _parameters(function: Any) -> tuple[inspect.Parameter, ...]:
    try:
        found = inspect.signature(function).parameters.values()
    except (TypeError, ValueError):
        return ()
    kinds = inspect.Parameter.POSITIONAL_ONLY, inspect.Parameter.POSITIONAL_OR_KEYWORD, inspect.Parameter.KEYWORD_ONLY
    return tuple(p for p in found if p.kind in kinds)


def required(p: inspect.Parameter) -> bool:
    """Whether it has no default."""
    return p.default is inspect.Parameter.empty


def is_sizes(name: str) -> bool:
    """Whether a parameter is a list of the units of all layers."""
    return bool(re.fullmatch(SIZES, name.casefold().strip("_")))


__all__ = ["is_sizes", "is_slope", "kind", "parameters", "required", "role"]
