namespace Hearsay.Learning.Models;

/// <summary>What a linear model minimises.</summary>
internal enum LinearLoss
{
    /// <summary>The hinge: 1 - y s where that is above 0.</summary>
    Hinge,

    /// <summary>The logistic loss of classes 0 and 1.</summary>
    Logistic,

    /// <summary>The squared difference to -1 or 1.</summary>
    SquaredClass,

    /// <summary>The squared difference to the number to predict.</summary>
    Squared,
}
