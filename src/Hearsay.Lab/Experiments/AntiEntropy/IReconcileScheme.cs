namespace Hearsay.Lab.Experiments.AntiEntropy;

/// <summary>A way to find out what differs between two sets.</summary>
internal interface IReconcileScheme
{
    /// <summary>Runs it. Any thread may, several at a time.</summary>
    ReconcileCost Run(ReconcileCase difference);
}
