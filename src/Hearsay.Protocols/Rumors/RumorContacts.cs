namespace Hearsay.Protocols.Rumors;

/// <summary>
/// The messages of a node that may still be answered, by their nonces: a ring in which the oldest gives way, so an
/// answer that comes very late is a stray.
/// </summary>
internal sealed class RumorContacts
{
    private const int Capacity = 256;

    private readonly (ulong Nonce, int Answers, int HuntsLeft)[] _open = new (ulong, int, int)[Capacity];
    private int _next;

    /// <summary>A message was sent.</summary>
    /// <param name="nonce">Not 0.</param>
    /// <param name="answers">How many datagrams it took: each may be answered once.</param>
    /// <param name="huntsLeft">How many other partners may be tried if it is turned away.</param>
    public void Add(ulong nonce, int answers, int huntsLeft)
    {
        _open[_next] = (nonce, answers, huntsLeft);
        _next = (_next + 1) % Capacity;
    }

    /// <summary>An answer came; one that comes twice is a stray the second time.</summary>
    /// <returns>False if nothing of that nonce is open.</returns>
    public bool TryClose(ulong nonce, out int huntsLeft)
    {
        for (var i = 0; i < Capacity; i++)
        {
            if (_open[i].Nonce == nonce && nonce != 0)
            {
                (huntsLeft, _open[i].HuntsLeft) = (_open[i].HuntsLeft, 0);
                if (--_open[i].Answers <= 0)
                {
                    _open[i] = default;
                }

                return true;
            }
        }

        huntsLeft = 0;
        return false;
    }
}
