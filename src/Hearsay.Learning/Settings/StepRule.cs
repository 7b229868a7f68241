namespace Hearsay.Learning;

/// <summary>How the length of a step follows from the age t of the model.</summary>
public enum StepRule
{
    /// <summary>eta / t. With eta = 1 / lambda it is the step of Pegasos. The default.</summary>
    Inverse,

    /// <summary>eta / sqrt(t). For models that an inverse step stops too early, such as softmax.</summary>
    SquareRoot,

    /// <summary>eta, always. For Adaline.</summary>
    Constant,
}
