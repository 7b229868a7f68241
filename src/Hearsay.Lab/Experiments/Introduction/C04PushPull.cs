using Hearsay.Lab.Contract;
using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C4: pushpull is quick and balanced, and dearer per cycle but not per delivery.</summary>
internal sealed class C04PushPull() : SpreadByWay(
    "c4", "Pushpull spreads load whatever the growth and churn, is quick and reliable, and costs more bandwidth.")
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
        yield return Claim.Near(IdOf("churn-in-degree"), Sources.Tocs, 9.9, rows[2].Number("churnInDegreeStdDev"));
        yield return Claim.AtMost(IdOf("churn-in-degree-max-over-view"), Source, 3,
            rows[2].Number("churnInDegreeMax") / 30);
        yield return Claim.AtMost(IdOf("churn-dead-share-over-push"), Source, 0.6,
            rows[2].Number("churnDeadShare") / rows[0].Number("churnDeadShare"));
    }
}
