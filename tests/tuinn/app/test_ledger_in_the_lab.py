"""The ledger of weight decay in the lab: on how many examples its gradient is measured."""

from __future__ import annotations

from app_driver import LONG, app_of, press, trained, until

from tuinn.widgets.ledger import DecayLedger


async def test_the_border_has_the_number_of_examples_of_the_probe() -> None:
    async with app_of(LONG).run_test(size=(120, 40)) as pilot:
        lab = await trained(pilot)
        panel = lab.dashboard.panels[6]
        assert isinstance(panel, DecayLedger)
        many = lab.session.experiment.trainer.probe[0].shape[1]
        assert many > 1
        await press(pilot, "6")
        told = f"gradient on {many} examples"
        await until(pilot, lambda: told in str(panel.border_subtitle), told)
