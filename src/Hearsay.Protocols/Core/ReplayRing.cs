namespace Hearsay.Protocols.Core;

/// <summary>The nonces of the latest requests: a request that comes twice is used once.</summary>
internal sealed class ReplayRing
{
    /// <summary>Far more than arrive within the time a network holds a duplicate back.</summary>
    private const int Remembered = 128;

    private readonly ulong[] _nonces = new ulong[Remembered];
    private int _next;

    /// <summary>The bytes of its arrays.</summary>
    public long StateBytes => ArrayMemory.SizeBytes(_nonces);

    /// <summary>Brings it into the processor's cache.</summary>
    public void Prefetch() => ArrayMemory.Prefetch(_nonces);

    /// <summary>Remembers a nonce.</summary>
    /// <returns>False if it is remembered already.</returns>
    public bool TryAdd(ulong nonce)
    {
        if (_nonces.AsSpan().Contains(nonce))
        {
            return false;
        }

        _nonces[_next] = nonce;
        _next = (_next + 1) % Remembered;
        return true;
    }
}
