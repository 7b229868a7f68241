using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Hearsay.AspNetCore.Calls;

/// <summary>Until when a call waits: its caller goes, or the host stops.</summary>
/// <remarks>
/// A host that stops waits for its calls, and only then leaves the network. The token is for what waits; answers are
/// written with the token of the caller alone, so that calls that are answered while the host stops get their answer.
/// </remarks>
internal sealed class CallEnd(CancellationToken gone, CancellationToken stopping) : IDisposable
{
    private CancellationTokenSource? _linked;

    private CancellationToken Token =>
        (_linked ??= CancellationTokenSource.CreateLinkedTokenSource(gone, stopping)).Token;

    /// <summary>The token of a call behind the gate. Valid until the call ends.</summary>
    public static CancellationToken Of(HttpContext context) =>
        context.Features.GetRequiredFeature<CallEnd>().Token;

    /// <inheritdoc/>
    public void Dispose() => _linked?.Dispose();
}
