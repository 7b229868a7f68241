using System.Globalization;

namespace Hearsay.Protocols.Core;

/// <summary>Collects what is wrong with options: each message with the option and what is allowed.</summary>
internal sealed class OptionErrors
{
    private readonly List<string> _all = [];

    /// <summary>The messages; empty if the options are valid.</summary>
    public IReadOnlyList<string> All => _all;

    /// <summary>Throws one exception with all messages.</summary>
    /// <param name="errors">The messages.</param>
    /// <param name="parameter">The parameter that has the options.</param>
    /// <exception cref="ArgumentException">There are messages.</exception>
    public static void ThrowIfAny(IReadOnlyList<string> errors, string parameter)
    {
        if (errors.Count > 0)
        {
            throw new ArgumentException(string.Join(" ", errors), parameter);
        }
    }

    /// <summary>Adds a message unless something holds.</summary>
    public void Require(bool holds, string message)
    {
        if (!holds)
        {
            _all.Add(message);
        }
    }

    /// <summary>Adds a message if a number or a time is out of its range.</summary>
    public void Range<T>(string name, T value, T least, T most)
        where T : struct, IComparable<T> => Require(
            value.CompareTo(least) >= 0 && value.CompareTo(most) <= 0,
            string.Create(
                CultureInfo.InvariantCulture, $"{name} must be from {Text(least)} to {Text(most)}, not {value}."));

    private static string Text<T>(T bound) => bound is int or long
        ? string.Create(CultureInfo.InvariantCulture, $"{bound:N0}")
        : string.Create(CultureInfo.InvariantCulture, $"{bound}");
}
