using Hearsay.AspNetCore.Calls;
using Hearsay.AspNetCore.Errors;

namespace Hearsay.AspNetCore.Peers;

/// <summary>The names of sampling policies in calls.</summary>
internal static class PolicyName
{
    private const string Allowed =
        "uniform-without-replacement, uniform-with-replacement, head or tail";

    /// <summary>The policy of a name; without a name the default of a sampler.</summary>
    public static SamplingPolicy Parse(string? name, string field) => name switch
    {
        null or "" or "uniform-without-replacement" => SamplingPolicy.UniformWithoutReplacement,
        "uniform-with-replacement" => SamplingPolicy.UniformWithReplacement,
        "head" => SamplingPolicy.Head,
        "tail" => SamplingPolicy.Tail,
        _ => throw new ProblemException(Problems.Field(
            field, Allowed, $"There is no policy {CallField.Short(name)}.")),
    };

    /// <summary>The name of a policy.</summary>
    public static string Of(SamplingPolicy policy) => policy switch
    {
        SamplingPolicy.UniformWithReplacement => "uniform-with-replacement",
        SamplingPolicy.Head => "head",
        SamplingPolicy.Tail => "tail",
        _ => "uniform-without-replacement",
    };
}
