namespace Hearsay.Lab;

/// <summary>C4: pushpull is quick and balanced, and dearer per cycle but not per delivery.</summary>
internal sealed class C04PushPull() : SpreadByWay(
    "c4", "Pushpull spreads load whatever the growth, is quick and reliable, and costs more bandwidth.")
{
    protected override IEnumerable<Claim> ClaimsOf(Row[] rows, SpreadRun[] runs)
    {
        yield return Claim.AtMost(IdOf("rounds"), Sources.Bound, 13, rows[2].Number("rounds"));
        yield return Claim.AtMost(IdOf("rounds-over-push"), Source, 0.75,
            rows[2].Number("rounds") / rows[0].Number("rounds"));
        yield return Claim.AtLeast(IdOf("bytes-per-cycle-over-push"), Source, 1.5,
            rows[2].Number("viewBytesPerCycle") / rows[0].Number("viewBytesPerCycle"));

        // Where the measurement disagrees with the folklore: per delivery it is cheaper, because it ends sooner.
        yield return Claim.AtMost(IdOf("payloads-per-delivery-over-push"), AgainstIt, 1,
            rows[2].Number("payloadsPerDelivery") / rows[0].Number("payloadsPerDelivery"));
        yield return Claim.AtMost(IdOf("grown-components"), Source, 1, rows[2].Number("grownComponents"));
    }
}
