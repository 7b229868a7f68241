namespace Hearsay.Lab.Models.AntiEntropy;

/// <summary>
/// What a node must have: an ideal map that remembers every item and every removal for ever. An item is one value that
/// one step wrote at one key; sets of items are bits.
/// </summary>
/// <param name="Alive">Items that it has seen and of which it has seen no removal.</param>
/// <param name="Dead">Items of which it has seen a removal or a replacement.</param>
/// <param name="Damaged">Items whose rows on its disk are damaged, which it has not noticed yet.</param>
internal readonly record struct Truth(UInt128 Alive, UInt128 Dead, UInt128 Damaged)
{
    /// <summary>What it seems to have.</summary>
    public UInt128 Shown => Alive | Damaged;

    /// <summary>
    /// With some items written and others replaced. A damaged row is not mended by the event that wrote it, which may
    /// come after the row came with an exchange.
    /// </summary>
    public Truth With(UInt128 written, UInt128 replaced)
    {
        var dead = Dead | replaced;
        return new((Alive | (written & ~Damaged)) & ~dead, dead, Damaged & ~dead);
    }

    /// <summary>What it has after an exchange with another. A damaged row is not mended by a peer that has it too.
    /// </summary>
    public Truth With(Truth other)
    {
        var dead = Dead | other.Dead;
        return new((Alive | other.Alive) & ~dead & ~Damaged, dead, Damaged & ~dead);
    }

    /// <summary>With rows damaged.</summary>
    public Truth WithDamage(UInt128 items) => new(Alive & ~items, Dead, Damaged | (Alive & items));

    /// <summary>
    /// Damage was noticed. What its disk knew of removals is lost with what it knew of everything: only rows are left.
    /// </summary>
    public Truth Distrusted() => new(Alive, 0, 0);
}
