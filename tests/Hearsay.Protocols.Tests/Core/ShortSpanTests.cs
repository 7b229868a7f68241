using CsCheck;
using Hearsay.Protocols.Core;

namespace Hearsay.Protocols.Tests.Core;

/// <summary>What a browser does in its place is compared there: a run has the same trace hash.</summary>
public sealed class ShortSpanTests
{
    private static readonly Gen<uint[]> s_values = Gen.UInt[0, 40].Array[0, 40];

    [Fact]
    public void The_first_place_of_a_value_is_found_or_there_is_none() =>
        Gen.Select(s_values, Gen.UInt[0, 40]).Sample((values, value) =>
            ShortSpan.IndexOf(values, value) == Array.IndexOf(values, value)
            && ShortSpan.IndexOf([.. values.Select(one => (ulong)one << 32)], (ulong)value << 32)
                == Array.IndexOf(values, value));

    [Fact]
    public void The_largest_of_none_is_0_and_else_the_largest() => s_values.Sample(values =>
        ShortSpan.Largest(values) == values.Append(0u).Max());
}
