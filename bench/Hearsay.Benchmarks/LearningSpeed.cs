using System.Diagnostics;
using System.Globalization;
using System.Numerics.Tensors;
using Hearsay.Learning;
using Hearsay.Protocols;

namespace Hearsay.Benchmarks;

/// <summary>
/// How fast softmax regression learns from made data of the shape of Fashion-MNIST, beside the arithmetic that it
/// cannot do without: one product and one multiply-add per record and class, by the vectors of the base library.
/// </summary>
internal static class LearningSpeed
{
    private const int Features = 784;
    private const int Classes = 10;
    private const int Batch = 10;
    private const int Rounds = 5;

    /// <summary>Runs it: so many records, 60,000 unless given.</summary>
    public static int Run(string[] arguments)
    {
        var rows = arguments.Length > 0 ? int.Parse(arguments[0], CultureInfo.InvariantCulture) : 60_000;
        var data = Make(rows);
        var model = new SoftmaxModel(Features, Classes);
        var (weights, pair) = (new float[model.ParameterCount], new float[Classes * Features]);
        var batches = Enumerable.Range(0, rows).Chunk(Batch).ToArray();
        Console.WriteLine($"{rows:N0} records of {Features} features, {Classes} classes, batches of {Batch}; "
            + "seconds of an epoch");
        Console.WriteLine("round  update    pair  pair / update   allocated");
        var ratios = new List<double>();
        for (var round = 0; round <= Rounds; round++)
        {
            var before = GC.GetAllocatedBytesForCurrentThread();
            var update = Time(() =>
            {
                foreach (var batch in batches)
                {
                    model.Update(weights, data, batch, 0.01f, 1e-4f);
                }
            });
            var allocated = GC.GetAllocatedBytesForCurrentThread() - before;
            var bare = Time(() => Pair(data, pair));
            if (round > 0)
            {
                ratios.Add(bare / update);
                Console.WriteLine(string.Create(
                    CultureInfo.InvariantCulture,
                    $"{round,5}  {update,6:0.000}  {bare,6:0.000}  {bare / update,13:0.00}  {allocated,10}"));
            }
        }

        ratios.Sort();
        Console.WriteLine($"median {ratios[Rounds / 2]:0.00}: at least 0.5 is asked for");
        return ratios[Rounds / 2] >= 0.5 ? 0 : 1;
    }

    private static void Pair(LearningData data, float[] weights)
    {
        for (var row = 0; row < data.RowCount; row++)
        {
            var features = data.Features(row);
            for (var k = 0; k < Classes; k++)
            {
                var own = weights.AsSpan(k * Features, Features);
                var score = TensorPrimitives.Dot(features, own);
                TensorPrimitives.MultiplyAdd(features, 1e-6f * (1 - score), own, own);
            }
        }
    }

    private static double Time(Action work)
    {
        var start = Stopwatch.GetTimestamp();
        work();
        return Stopwatch.GetElapsedTime(start).TotalSeconds;
    }

    private static LearningData Make(int rows)
    {
        var random = new SeededRandom(1);
        var (features, targets) = (new float[rows * Features], new float[rows]);
        for (var i = 0; i < features.Length; i++)
        {
            features[i] = (float)(random.NextDouble() - 0.5);
        }

        for (var row = 0; row < rows; row++)
        {
            targets[row] = random.Below(Classes);
        }

        return new LearningData(features, targets, Classes);
    }
}
