"""The bibliography: the works that chapters name as their sources. A source that is not here is printed as it is named."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from .model import Work
from .tex import Tex
from .words import Link, Words, line


class Row(NamedTuple):
    """A work: its key, what it is known by in the source of a chapter (a pattern), and how it is cited."""

    key: str
    known_by: str
    cited: str


ARXIV: Final = "[arXiv:{0}](https://arxiv.org/abs/{0})"

WORKS: Final = (
    Row("Ba16", r"Ba, J. R. Kiros", "J. L. Ba, J. R. Kiros, G. E. Hinton: *Layer normalization*, 2016. " + ARXIV.format("1607.06450")),
    Row("Bengio13", r"Y. Bengio, N. Leonard", "Y. Bengio, N. Léonard, A. Courville: *Estimating or propagating gradients through stochastic neurons for conditional computation*, 2013. " + ARXIV.format("1308.3432")),
    Row("Bishop06", r"C. Bishop", "C. M. Bishop: *Pattern Recognition and Machine Learning*, Springer, 2006, section 5.3."),
    Row("Cho14", r"K. Cho et al", "K. Cho and others: *Learning phrase representations using RNN encoder-decoder for statistical machine translation*, 2014. " + ARXIV.format("1406.1078")),
    Row("Chung14", r"J. Chung et al", "J. Chung, C. Gulcehre, K. Cho, Y. Bengio: *Empirical evaluation of gated recurrent neural networks on sequence modeling*, 2014. " + ARXIV.format("1412.3555")),
    Row("Dao22", r"FlashAttention, 2022", "T. Dao and others: *FlashAttention: fast and memory-efficient exact attention with IO-awareness*, 2022. " + ARXIV.format("2205.14135")),
    Row("Dao23", r"FlashAttention-2", "T. Dao: *FlashAttention-2: faster attention with better parallelism and work partitioning*, 2023. " + ARXIV.format("2307.08691")),
    Row("Dumoulin16", r"V. Dumoulin", "V. Dumoulin, F. Visin: *A guide to convolution arithmetic for deep learning*, 2016. " + ARXIV.format("1603.07285")),
    Row("Esser20", r"S. Esser", "S. K. Esser and others: *Learned step size quantization*, ICLR 2020. " + ARXIV.format("1902.08153")),
    Row("Gers00", r"Learning to Forget", "F. A. Gers, J. Schmidhuber, F. Cummins: *Learning to forget: continual prediction with LSTM*, Neural Computation 12, 2000."),
    Row("Gers02", r"Learning Precise Timing", "F. A. Gers, N. N. Schraudolph, J. Schmidhuber: *Learning precise timing with LSTM recurrent networks*, Journal of Machine Learning Research 3, 2002."),
    Row("Greff17", r"K. Greff", "K. Greff and others: *LSTM: a search space odyssey*, IEEE Transactions on Neural Networks and Learning Systems 28, 2017. " + ARXIV.format("1503.04069")),
    Row("Gu23", r"A. Gu, T. Dao", "A. Gu, T. Dao: *Mamba: linear-time sequence modeling with selective state spaces*, 2023. " + ARXIV.format("2312.00752")),
    Row("He16", r"K. He, X. Zhang", "K. He, X. Zhang, S. Ren, J. Sun: *Identity mappings in deep residual networks*, 2016. " + ARXIV.format("1603.05027")),
    Row("Hendrycks16", r"D. Hendrycks", "D. Hendrycks, K. Gimpel: *Gaussian error linear units (GELUs)*, 2016. " + ARXIV.format("1606.08415")),
    Row("Hu21", r"E. Hu et al", "E. J. Hu and others: *LoRA: low-rank adaptation of large language models*, 2021. " + ARXIV.format("2106.09685")),
    Row("Huber64", r"P. J. Huber", "P. J. Huber: *Robust estimation of a location parameter*, Annals of Mathematical Statistics 35, 1964."),
    Row("Ioffe15", r"S. Ioffe", "S. Ioffe, C. Szegedy: *Batch normalization: accelerating deep network training by reducing internal covariate shift*, 2015. " + ARXIV.format("1502.03167")),
    Row("Kingma14", r"D. P. Kingma", "D. P. Kingma, M. Welling: *Auto-encoding variational Bayes*, 2014. " + ARXIV.format("1312.6114")),
    Row("Krogh91", r"A. Krogh", "A. Krogh, J. A. Hertz: *A simple weight decay can improve generalization*, Advances in Neural Information Processing Systems 4, 1991."),
    Row("Lin17", r"T.-Y. Lin", "T.-Y. Lin and others: *Focal loss for dense object detection*, 2017. " + ARXIV.format("1708.02002")),
    Row("Martin18", r"E. Martin, C. Cundy", "E. Martin, C. Cundy: *Parallelizing linear recurrent neural nets over sequence length*, ICLR 2018. " + ARXIV.format("1709.04057")),
    Row("Milakov18", r"M. Milakov", "M. Milakov, N. Gimelshein: *Online normalizer calculation for softmax*, 2018. " + ARXIV.format("1805.02867")),
    Row("Nielsen15", r"Nielsen", "M. A. Nielsen: *Neural Networks and Deep Learning*, Determination Press, 2015. [neuralnetworksanddeeplearning.com](http://neuralnetworksanddeeplearning.com)"),
    Row("Press17", r"O. Press and L. Wolf", "O. Press, L. Wolf: *Using the output embedding to improve language models*, 2017. " + ARXIV.format("1608.05859")),
    Row("Press22", r"Train Short, Test Long", "O. Press, N. A. Smith, M. Lewis: *Train short, test long: attention with linear biases enables input length extrapolation*, ICLR 2022. " + ARXIV.format("2108.12409")),
    Row("Rumelhart86", r"Rumelhart", "D. E. Rumelhart, G. E. Hinton, R. J. Williams: *Learning representations by back-propagating errors*, Nature 323, 1986, 533-536. [doi:10.1038/323533a0](https://doi.org/10.1038/323533a0)"),
    Row("Shazeer17", r"Outrageously Large", "N. Shazeer and others: *Outrageously large neural networks: the sparsely-gated mixture-of-experts layer*, 2017. " + ARXIV.format("1701.06538")),
    Row("Shazeer20", r"GLU Variants", "N. Shazeer: *GLU variants improve Transformer*, 2020. " + ARXIV.format("2002.05202")),
    Row("Srivastava14", r"N. Srivastava", "N. Srivastava and others: *Dropout: a simple way to prevent neural networks from overfitting*, Journal of Machine Learning Research 15, 2014."),
    Row("Su21", r"J. Su et al", "J. Su and others: *RoFormer: enhanced Transformer with rotary position embedding*, 2021. " + ARXIV.format("2104.09864")),
    Row("Szegedy16", r"C. Szegedy et al", "C. Szegedy and others: *Rethinking the Inception architecture for computer vision*, 2016. " + ARXIV.format("1512.00567")),
    Row("Vaswani17", r"A. Vaswani", "A. Vaswani and others: *Attention is all you need*, 2017. " + ARXIV.format("1706.03762")),
    Row("Werbos90", r"P. J. Werbos", "P. J. Werbos: *Backpropagation through time: what it does and how to do it*, Proceedings of the IEEE 78, 1990."),
    Row("Wu18", r"Y. Wu and K. He", "Y. Wu, K. He: *Group normalization*, 2018. " + ARXIV.format("1803.08494")),
    Row("Xiong20", r"R. Xiong", "R. Xiong and others: *On layer normalization in the Transformer architecture*, 2020. " + ARXIV.format("2002.04745")),
    Row("Zhang19", r"B. Zhang and R. Sennrich", "B. Zhang, R. Sennrich: *Root mean square layer normalization*, 2019. " + ARXIV.format("1910.07467")),
)  # fmt: skip

#: Where the equations of backpropagation are from, besides what their chapters name: they are looked up there, too.
BACKPROPAGATION: Final = ("Rumelhart86", "Bishop06")


def _named(source: str) -> list[Row]:
    return [row for row in WORKS if re.search(row.known_by, source)]


def cited(sources: Iterable[str]) -> tuple[Work, ...]:
    """The works that sources name, in the order of their keys."""
    keys = {row.key for source in sources for row in _named(source)}
    if "Nielsen15" in keys:
        keys |= set(BACKPROPAGATION)
    return tuple(Work(label(row), row.key, line(row.cited)) for row in WORKS if row.key in keys)


def marks(source: str) -> Words:
    """A link to each of the works that a source names."""
    made: list[str | Link] = []
    for row in _named(source):
        made += [" ", Link(f"#{label(row)}", Words([f"[{row.key}]"]))]
    return Words(made)


def label(row: Row) -> Tex:
    """Where the row stands in a report."""
    return Tex(f"bib:{row.key.lower()}")


__all__ = ["WORKS", "cited", "marks"]
