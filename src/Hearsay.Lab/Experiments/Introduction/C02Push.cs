using Hearsay.Lab.Models;

namespace Hearsay.Lab.Experiments.Introduction;

/// <summary>C2: push is thrifty at first and wasteful at last, keeps the hub of a growing network and spreads load less
/// evenly under churn.</summary>
internal sealed class C02Push() : SpreadByWay(
    "c2", "Push alone is efficient for few messages, and distributes load badly when the network grows or churns.")
{
    protected override IEnumerable<Claim> ClaimsOf(Row[] rows, SpreadRun[] runs)
    {
        var early = runs[0].Curve.Where(point => point.Share < 0.1).Select(point => point.PayloadsPerNew).ToArray();
        yield return Claim.AtMost(IdOf("payloads-per-delivery-while-few-know"), Source, 1.5, early.Average());
        yield return Claim.AtLeast(IdOf("payloads-per-delivery-in-all"), Source, 5,
            rows[0].Number("payloadsPerDelivery"));
        yield return Claim.AtLeast(IdOf("hub-over-pushpull"), Source, 10,
            rows[0].Number("grownInDegreeMax") / rows[2].Number("grownInDegreeMax"));
        yield return Claim.AtLeast(IdOf("churn-spread-over-pushpull"), Source, 1.3,
            rows[0].Number("churnInDegreeStdDev") / rows[2].Number("churnInDegreeStdDev"));
        yield return Claim.AtLeast(IdOf("churn-maximum-over-pushpull"), Source, 1.3,
            rows[0].Number("churnInDegreeMax") / rows[2].Number("churnInDegreeMax"));
    }
}
