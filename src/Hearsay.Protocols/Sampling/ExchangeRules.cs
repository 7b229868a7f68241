using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>
/// The numbers that an exchange depends on, checked once and small enough to pass to every kernel call.
/// </summary>
/// <param name="Form">Half views, Newscast or Cyclon.</param>
/// <param name="Selection">How the partner is chosen; Cyclon always takes the oldest.</param>
/// <param name="Propagation">Which way descriptors travel; Newscast and Cyclon always go both ways.</param>
/// <param name="ViewSize">The view size c.</param>
/// <param name="Healing">H.</param>
/// <param name="Swap">S.</param>
/// <param name="ShuffleLength">Cyclon's ℓ, the descriptors exchanged with the own one included.</param>
[StructLayout(LayoutKind.Auto)]
public readonly record struct ExchangeRules(
    ExchangeForm Form,
    PeerSelection Selection,
    Propagation Propagation,
    int ViewSize,
    int Healing,
    int Swap,
    int ShuffleLength)
{
    /// <summary>The most descriptors in a message, the own one included; a message counts them in one byte.</summary>
    public int MaximumBuffer => Form switch
    {
        ExchangeForm.HalfViews => ViewSize / 2,
        ExchangeForm.Newscast => Math.Min(ViewSize + 1, byte.MaxValue),
        _ => Math.Min(ShuffleLength, byte.MaxValue),
    };

    /// <summary>Entries that storage for a view needs: the view and the largest buffer received behind it.</summary>
    public int Room => ViewSize + MaximumBuffer;

    /// <summary>Whether the active side sends descriptors.</summary>
    public bool Pushes => Form != ExchangeForm.HalfViews || Propagation != Propagation.Pull;

    /// <summary>Whether the passive side answers with descriptors, whatever its own mode is.</summary>
    public bool Pulls => Form != ExchangeForm.HalfViews || Propagation != Propagation.Push;

    /// <summary>
    /// Whether being contacted makes a view older (half views only; see the remarks of the other forms).
    /// </summary>
    public bool AgesWhenContacted => Form == ExchangeForm.HalfViews;

    /// <summary>
    /// Whether a live node's ages follow its clock. Newscast's ages stand for timestamps: if each node aged its view in
    /// its own turn, copies that travel past a turn would stay too young, and the merge keeps exactly those.
    /// </summary>
    public bool AgesByTheClock => Form == ExchangeForm.Newscast;

    /// <summary>
    /// The units of age in a cycle, in a live node and on the wire: sixteenths for Newscast, else whole cycles.
    /// </summary>
    public int AgeUnitsPerCycle => AgesByTheClock ? 16 : 1;
}
