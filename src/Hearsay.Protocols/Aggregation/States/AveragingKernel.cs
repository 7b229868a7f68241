using System.Numerics;

namespace Hearsay.Protocols.Aggregation.States;

/// <summary>
/// The arithmetic of push-pull aggregation as pure functions, shared by live nodes, simulated ones and bulk runs.
/// Source: Jelasity, Montresor, Babaoglu, ACM TOCS 23(3), 2005, section 3.
/// </summary>
/// <remarks>
/// Averaging answers with a *difference*: the asked side adds d = (theirs - own) / 2 to its own and answers d; the
/// asking side subtracts d from whatever it holds when the answer comes. The sum of both is the same before and after,
/// however exchanges overlap. All spans of a call have the same length.
/// </remarks>
internal static class AveragingKernel
{
    /// <summary>What the asked side gains and the asking side loses.</summary>
    public static double Difference(double own, double theirs) => (theirs - own) / 2;

    /// <summary>The asked side of an averaging exchange.</summary>
    /// <param name="own">Becomes the average.</param>
    /// <param name="theirs">What the asking side sent.</param>
    /// <param name="difference">The answer.</param>
    public static void Answer(Span<double> own, ReadOnlySpan<double> theirs, Span<double> difference)
    {
        theirs = theirs[..own.Length];
        difference = difference[..own.Length];
        var i = 0;
        for (; i <= own.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            var mine = new Vector<double>(own[i..]);
            var half = (new Vector<double>(theirs[i..]) - mine) * 0.5;
            (mine + half).CopyTo(own[i..]);
            half.CopyTo(difference[i..]);
        }

        for (; i < own.Length; i++)
        {
            difference[i] = Difference(own[i], theirs[i]);
            own[i] += difference[i];
        }
    }

    /// <summary>The asking side of an averaging exchange; once for each answer.</summary>
    /// <param name="own">What it holds now.</param>
    /// <param name="difference">The answer.</param>
    public static void Apply(Span<double> own, ReadOnlySpan<double> difference)
    {
        difference = difference[..own.Length];
        var i = 0;
        for (; i <= own.Length - Vector<double>.Count; i += Vector<double>.Count)
        {
            (new Vector<double>(own[i..]) - new Vector<double>(difference[i..])).CopyTo(own[i..]);
        }

        for (; i < own.Length; i++)
        {
            own[i] -= difference[i];
        }
    }

    /// <summary>Keeps the smaller of each pair; both sides may do it any number of times.</summary>
    public static void Min(Span<double> own, ReadOnlySpan<double> theirs)
    {
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = Math.Min(own[i], theirs[i]);
        }
    }

    /// <summary>Keeps the larger of each pair; both sides may do it any number of times.</summary>
    public static void Max(Span<double> own, ReadOnlySpan<double> theirs)
    {
        for (var i = 0; i < own.Length; i++)
        {
            own[i] = Math.Max(own[i], theirs[i]);
        }
    }

    /// <summary>
    /// The asked side where the geometric mean is wanted: averages the logarithms of positive numbers.
    /// </summary>
    /// <param name="own">Becomes sqrt(own × theirs).</param>
    /// <param name="theirs">What the asking side sent.</param>
    /// <param name="ratio">The answer: what the asking side divides by.</param>
    public static void AnswerGeometric(Span<double> own, ReadOnlySpan<double> theirs, Span<double> ratio)
    {
        for (var i = 0; i < own.Length; i++)
        {
            ratio[i] = Math.Sqrt(theirs[i] / own[i]);
            own[i] *= ratio[i];
        }
    }

    /// <summary>The asking side where the geometric mean is wanted; once for each answer.</summary>
    public static void ApplyGeometric(Span<double> own, ReadOnlySpan<double> ratio)
    {
        for (var i = 0; i < own.Length; i++)
        {
            own[i] /= ratio[i];
        }
    }

    /// <summary>Whether every number is finite and at most so large.</summary>
    public static bool AreSound(ReadOnlySpan<double> values, double largest)
    {
        foreach (var value in values)
        {
            // Not "greater": comparisons with NaN are false.
            if (!(Math.Abs(value) <= largest))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>
    /// The mean of what is left after a third of the values (rounded down) was dropped at either end; NaN of none.
    /// </summary>
    /// <param name="values">Come out sorted.</param>
    public static double TrimmedMean(Span<double> values)
    {
        values.Sort();
        var drop = values.Length / 3;
        var sum = 0.0;
        foreach (var value in values[drop..(values.Length - drop)])
        {
            sum += value;
        }

        return sum / (values.Length - (2 * drop));
    }
}
