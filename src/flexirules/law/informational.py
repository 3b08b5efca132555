"""Rows of the provisions that decide no case by themselves, each with the reason."""

from typing import Final

from flexirules.language import message

INFORMS: Final = {
    "L2023-10-16-16": message("amending: it adds codes to the care list, whose rows decide"),
    "L2015-2-optout": message("enabling: only a royal decree takes a branch out or lets one in"),
    "L2015-2-2": message("enabling: only a royal decree on request of a federated entity lets employers in"),
    "RD2024-04-18-cap": message("an employer's yearly volume limit, never a verdict on a worker"),
    "RD2025-01-31-cap": message("an employer's yearly volume limit, never a verdict on a worker"),
    "PL2022-146": message("amending: the rows of 2023 decide"),
    "PL2023-182": message("amending: the rows of 2024 decide"),
    "PL2023-183": message("amending: the versions of 2024 decide"),
    "PL2023-157": message("amending: it narrows the definition of pensioner, whose content before was not read"),
    "PL2017-36": message("amending: the rows of 2018 decide"),
    "L2022-2": message("amending: letter d) decides"),
    "L2015-4-2": message("what the caller puts into a fraction; acts before the library sees it"),
    "NSSO-political-mandate": message("what the caller leaves out of a fraction; the case holds no worker code"),
    "R2026-functions": message("confirms that the bars on functions stay; their own rows decide"),
    "NSSO-reduction": message("how the NSSO compares the quarters; the article itself decides"),
    "NSSO-reduction-causes": message("the cause of a reduction does not matter; the article itself decides"),
    "R2026-affiliated": message("amending: the version of July 2026 of letter e) decides"),
    "L2015-8": message("form and term of the contract; the case holds no contract"),
    "L2015-12": message("where the documents are kept; the case does not ask"),
    "RD2002-7/1": message("how the declaration is made; its dates are in the instructions"),
    "L2015-24": message("registration of presence; feeds no condition"),
    "L2015-26": message("what follows a wrong declaration; feeds no condition"),
    "RD2016-125": message("the surcharge; how it enters the calculation is not settled, and it feeds no condition"),
    "L2015-38": message("de-minimis promise; not modelled"),
    "L2015-5": message("wages; feed no condition"),
    "L1981-38-3sexdecies": message("contributions; feed no condition"),
    "CIR92-38-29": message("income tax; feeds no condition"),
}
