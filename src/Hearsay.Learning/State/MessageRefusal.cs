namespace Hearsay.Learning.State;

/// <summary>Why a message is not used.</summary>
internal enum MessageRefusal
{
    /// <summary>It is used.</summary>
    None,

    /// <summary>Another version, or lengths that do not fit.</summary>
    Malformed,

    /// <summary>A model of another kind, size or number of parts.</summary>
    OtherModel,

    /// <summary>A claimed age that no model can have.</summary>
    ImpossibleAge,

    /// <summary>A parameter is not a finite number of a sane size.</summary>
    NotFinite,
}
