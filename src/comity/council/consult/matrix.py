# SPDX-FileCopyrightText: The Comity authors
# SPDX-License-Identifier: Apache-2.0
"""Answers as sparse matrices; the one place that knows of scipy."""

from typing import Any, TypeAlias

import numpy as np
from scipy import sparse  # type: ignore[import-untyped]  # it ships no types
from scipy.sparse.linalg import svds  # type: ignore[import-untyped]  # it ships no types

from comity.council.consult.votes import Reals, Votes

Matrix: TypeAlias = Any  # scipy ships no types

DENSE = 200_000
"""Cells up to which a full decomposition is quicker than an iterative one."""


def to_matrix(votes: Votes, values: Reals) -> Matrix:
    """Return a sparse matrix of people by opinions with one value for each answer."""
    shape = (votes.people, len(votes.opinions))
    return sparse.csr_matrix((values, votes.columns, votes.starts), shape=shape)


def axes(matrix: Matrix, count: int) -> Reals:
    """Return the leading right singular vectors, the strongest first, signs fixed.

    A vector's largest entry, the first of several, is positive.

    Returns:
        *count* rows; those the matrix has no more of are zero.
    """
    found = np.zeros((count, matrix.shape[1]))
    rank = min(count, *matrix.shape)
    if matrix.shape[0] * matrix.shape[1] <= DENSE or rank >= min(matrix.shape):
        rows = np.linalg.svd(matrix.toarray(), full_matrices=False)[2][:rank]
    else:
        start = np.cos(np.arange(min(matrix.shape), dtype=np.float64))
        _, size, rows = svds(matrix, k=rank, v0=start, tol=1e-6, solver="arpack")
        rows = rows[np.argsort(-size)]
    found[:rank] = rows
    largest = np.abs(found).argmax(axis=1)
    found *= np.where(found[np.arange(count), largest] < 0, -1.0, 1.0)[:, None]
    return found
