namespace Hearsay.Cli.Up.Results;

/// <summary>The cost of an exchange beside that of bare sockets.</summary>
/// <param name="ExchangeMicroseconds">CPU of one exchange under load: the median of the rounds.</param>
/// <param name="BareMicroseconds">CPU of one bare request and reply under the same load: the median.</param>
internal sealed record FloorResult(double ExchangeMicroseconds, double BareMicroseconds)
{
    /// <summary>How many times the floor an exchange costs.</summary>
    public double Ratio => ExchangeMicroseconds / BareMicroseconds;
}
