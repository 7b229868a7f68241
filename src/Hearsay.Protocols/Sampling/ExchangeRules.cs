using System.Runtime.InteropServices;

namespace Hearsay.Protocols;

/// <summary>
/// The parameters of an exchange, which have been validated. They are small enough to pass to every kernel call.
/// Immutable.
/// </summary>
/// <param name="Form">Half views, Newscast or Cyclon.</param>
/// <param name="Selection">The choice of the partner. Cyclon always takes the oldest entry.</param>
/// <param name="Propagation">The direction in which descriptors travel. Newscast and Cyclon always use both.</param>
/// <param name="ViewSize">The view size c.</param>
/// <param name="Healing">The parameter H.</param>
/// <param name="Swap">The parameter S.</param>
/// <param name="ShuffleLength">Cyclon's ℓ: the number of descriptors exchanged, including the node's own.</param>
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
    /// <summary>
    /// The maximum number of descriptors in a message, including the node's own. A message counts them in one byte.
    /// </summary>
    public int MaximumBuffer => Form switch
    {
        ExchangeForm.HalfViews => ViewSize / 2,
        ExchangeForm.Newscast => Math.Min(ViewSize + 1, byte.MaxValue),
        _ => Math.Min(ShuffleLength, byte.MaxValue),
    };

    /// <summary>
    /// The number of entries for which the storage of a view needs room: the view, and the largest received buffer
    /// behind it.
    /// </summary>
    public int Room => ViewSize + MaximumBuffer;

    /// <summary>Whether the active side sends descriptors.</summary>
    public bool Pushes => Form != ExchangeForm.HalfViews || Propagation != Propagation.Pull;

    /// <summary>Whether the passive side answers with descriptors. Its own mode does not matter.</summary>
    public bool Pulls => Form != ExchangeForm.HalfViews || Propagation != Propagation.Push;

    /// <summary>
    /// Whether a contact ages the view of the passive side. This is so for half views only; see the remarks of the
    /// other forms.
    /// </summary>
    public bool AgesWhenContacted => Form == ExchangeForm.HalfViews;

    /// <summary>
    /// Whether the ages of a live node follow its clock. Newscast's ages stand for timestamps. If each node aged its
    /// view in its own turn, copies that move past a turn would stay too young, and the merge would keep exactly those.
    /// </summary>
    public bool AgesByTheClock => Form == ExchangeForm.Newscast;

    /// <summary>
    /// The number of units of age per cycle, in a live node and on the wire: 16 for Newscast, otherwise 1.
    /// </summary>
    public int AgeUnitsPerCycle => AgesByTheClock ? 16 : 1;
}
