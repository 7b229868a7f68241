using Microsoft.Extensions.Logging;

namespace Hearsay.AspNetCore;

/// <summary>What the service logs of itself.</summary>
internal static partial class HttpServiceLog
{
    /// <summary>A defect; the service goes on.</summary>
    [LoggerMessage(2, LogLevel.Error, "Looking for what nobody uses any more failed, which is a defect.")]
    public static partial void SweepFailed(ILogger log, Exception defect);
}
