namespace Hearsay.Learning;

/// <summary>What the age of a model counts.</summary>
public enum AgeUnit
{
    /// <summary>Mini-batches. The default.</summary>
    Steps,

    /// <summary>Records.</summary>
    Records,
}
