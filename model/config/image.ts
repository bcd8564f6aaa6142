import { z } from "zod";

/** A name in an image's path, and what fixes its content. */
const IMAGE_NAME = "[a-z0-9]+(([.]|__?|-+)[a-z0-9]+)*";
const DIGEST = "@sha256:[0-9a-f]{64}";

/** An example of an image, which messages and the reference show. */
export const IMAGE_EXAMPLE = "123456789012.dkr.ecr.eu-west-1.amazonaws.com/message-board:1.0.0";

/**
 * A container image by tag or digest: without either a registry answers with `latest`, whatever that is today.
 * @see https://pkg.go.dev/github.com/distribution/reference
 */
export const containerImage = z
  .string()
  .regex(
    new RegExp(
      `^(?=.{1,512}$)([A-Za-z0-9][A-Za-z0-9.-]*(:\\d{1,5})?/)?${IMAGE_NAME}(/${IMAGE_NAME})*(:\\w[\\w.-]{0,127}(${DIGEST})?|${DIGEST})$`,
    ),
    `must be a container image with its tag or digest, such as ${IMAGE_EXAMPLE}`,
  );

/** What a container image is built for. */
export const imageArchitecture = z
  .enum(["amd64", "arm64"])
  .optional()
  .meta({
    description: "Architecture the image is built for",
    omitted: "any: the image is built for all nodes there are",
    examples: ["arm64"],
  });
