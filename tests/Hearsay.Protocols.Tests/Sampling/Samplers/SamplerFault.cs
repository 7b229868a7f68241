namespace Hearsay.Protocols.Tests.Sampling.Samplers;

/// <summary>What is wrong with a <see cref="SimpleSampler"/>.</summary>
public enum SamplerFault
{
    /// <summary>Nothing.</summary>
    None,

    /// <summary>It forgets all it gave when the view changes.</summary>
    ForgetsMarks,

    /// <summary>It takes an updated entry for a new one.</summary>
    TakesUpdatesForNew,

    /// <summary>It never gives an entry again that left and came back.</summary>
    RemembersWhoLeft,

    /// <summary>It says that a fallback is fresh.</summary>
    HidesFallbacks,
}
