using Hearsay.Lab;
using Hearsay.Lab.Experiments.Learning;
using Hearsay.Lab.Models.Learning;
using Hearsay.Learning;
using Hearsay.Learning.Tests.Data;
using Hearsay.Learning.Tests.Exchange;
using Hearsay.Learning.Tests.Models;
using Hearsay.Learning.Tests.State;

namespace Hearsay.Defects.Tests;

/// <summary>
/// Every defect of gossip learning is caught by a claim of the lab, or by a test that passes without it.
/// </summary>
public sealed class LearningDetectorTests
{
    private static readonly LearningData s_spambase = LearningDataSets.Load("spambase");

    private static readonly Dictionary<LearningDefect, Action> Detectors = new()
    {
        [LearningDefect.AgeNotCarried] = () => ClaimsHold("l4"),
        [LearningDefect.UpdateForgotten] = () => ClaimsHold("l4"),
        [LearningDefect.TakenWhole] = () => ClaimsHold("l4"),
        [LearningDefect.PlainWhereAgesDiffer] =
            () => new LearnerStateTests().A_merge_is_weighted_by_age_and_takes_the_larger_age(),
        [LearningDefect.MergedModelIsLast] = () => new LearnerStateTests()
            .Merge_and_update_averages_the_two_models_received_last_unmodified(),
        [LearningDefect.StandardisedByItself] =
            () => new StandardisationTests().Data_is_standardised_by_the_means_of_other_data(),
        [LearningDefect.LabelLeaked] =
            () => new CsvDataTests().Features_and_classes_are_read_whichever_column_the_label_is(),
        [LearningDefect.MarginOfShrunkWeights] =
            () => new LearningModelTests().Pegasos_tests_the_margin_with_the_old_weights_and_then_shrinks(),
        [LearningDefect.AnyNumberTaken] =
            () => new ModelMessageTests().A_parameter_that_is_no_sane_number_is_refused("7fc00000"),
        [LearningDefect.AnyAgeTaken] =
            () => new ModelMessageTests().An_age_that_no_model_can_have_is_refused("818080808080808020"),
        [LearningDefect.AnyModelTaken] =
            () => new ModelMessageTests().A_model_of_another_kind_size_or_number_of_parts_is_refused(),
        [LearningDefect.UselessIsUseful] =
            () => new TokenAccountTests().A_generalised_account_reacts_by_its_formula(false, 11, 1),
        [LearningDefect.ClaimedAgeBelieved] = () => ClaimsHold("attackers", "clean", "age-clip"),
        [LearningDefect.FarthestAreKept] =
            () => new LearnerStateRobustTests().The_nearest_models_are_mixed_and_the_others_left_out(),
        [LearningDefect.UnaskedIsUsed] =
            () => new LearningProtocolTests().Models_that_were_asked_for_are_mixed_and_others_are_dropped(),
        [LearningDefect.StrangersModelLearned] =
            () => new LearningProtocolTests().What_a_stranger_sends_is_neither_learned_nor_answered(),
        [LearningDefect.BiasStaysBehind] = () => new LearnerStateTests()
            .A_part_merges_by_its_own_age_and_biases_by_that_of_the_model(),
        [LearningDefect.AnyLengthTaken] =
            () => new LargeModelTests().A_model_that_is_longer_than_any_is_refused_and_nothing_is_asked_for(8_000_000),
        [LearningDefect.SentForEver] = () => new ModelTransfersTests()
            .Who_was_offered_a_model_gets_its_chunks_three_times_at_most_and_nobody_else_gets_any(),
    };

    public static TheoryData<LearningDefect> Catalogue => Defect.All<LearningDefect>();

    [Theory]
    [MemberData(nameof(Catalogue))]
    public void Every_defect_is_caught_by_its_claim_or_test(LearningDefect defect)
    {
        Detectors[defect]();
        using (Defect.SwitchOn(defect))
        {
            Assert.ThrowsAny<Exception>(Detectors[defect]);
        }
    }

    /// <summary>
    /// Runs a study on two splits, or some variants of it; throws if a claim about those does not hold.
    /// </summary>
    private static void ClaimsHold(string id, params string[] only)
    {
        var study = LearningStudies.All.First(study => study.Id == id);
        var outcomes = study.Variants.ToDictionary(
            variant => variant.Name,
            variant => only.Length == 0 || only.Contains(variant.Name) ? Outcomes(variant) : []);
        var measure = new LearningMeasure(id, outcomes);
        if (only.Length > 0)
        {
            Assert.InRange(measure.Differences(only[1], only[0], 100).Average(), -0.03, 0.03);
            return;
        }

        Assert.All(study.Claims(measure), claim => Assert.True(claim.Holds, $"{claim}"));
    }

    private static LearningOutcome[] Outcomes(LearningVariant variant) =>
    [
        .. Enumerable.Range(0, 2).Select(split => LearningOutcome.Of(
            variant.Options, LearningDataSets.Split(s_spambase, 4140, seed: 1, split),
            withBaselines: variant.HasBaselines)),
    ];
}
