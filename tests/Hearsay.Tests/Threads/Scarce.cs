using System.Diagnostics.CodeAnalysis;
using Hearsay.Threads;

namespace Hearsay.Tests.Threads;

/// <summary>A machine that gives no more threads while a test says so.</summary>
[SuppressMessage("Usage", "CA2201", Justification = "It fails as the runtime does.")]
internal sealed class Scarce
{
    private volatile bool _isOut;

    public Scarce() => Starter = new ThreadStarter(thread =>
    {
        if (_isOut)
        {
            throw new OutOfMemoryException();
        }

        thread.UnsafeStart();
    });

    public ThreadStarter Starter { get; }

    public bool IsOut
    {
        get => _isOut;
        set => _isOut = value;
    }
}
