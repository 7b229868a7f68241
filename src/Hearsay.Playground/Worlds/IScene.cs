using Hearsay.Playground.Contract;

namespace Hearsay.Playground.Worlds;

/// <summary>A scene: what it is about, and how its network is made. All of it is in one folder.</summary>
internal interface IScene
{
    /// <summary>Everything that the page needs to know.</summary>
    SceneDescription Description { get; }

    /// <summary>Makes the network of one side, at the beginning of the scene.</summary>
    /// <param name="knobs">What the visitor set for the side.</param>
    /// <param name="seed">The seed of everything, the same for both sides.</param>
    World Create(KnobValues knobs, ulong seed);
}
