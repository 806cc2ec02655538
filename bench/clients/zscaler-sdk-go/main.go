// zscaler-sdk-go as its guide shows it. Argument: customer. Proxy and certificate come from the environment, the steps on stdin.
package main

import (
	"context"
	"encoding/json"
	"log"
	"os"

	"github.com/zscaler/zscaler-sdk-go/v3/zscaler"
	"github.com/zscaler/zscaler-sdk-go/v3/zscaler/zpa/services/segmentgroup"
)

type step struct {
	GroupID       string  `json:"groupId"`
	Description   *string `json:"description"`
	ApplicationID string  `json:"applicationId"`
}

type result struct {
	Failed     int     `json:"failed"`
	FirstError *string `json:"firstError"`
}

func main() {
	log.SetOutput(os.Stderr)
	configuration, err := zscaler.NewConfiguration(
		zscaler.WithClientID("simulator"),
		zscaler.WithClientSecret("simulator"),
		zscaler.WithVanityDomain("simulator"),
		zscaler.WithZPACustomerID(os.Args[1]),
	)
	must(err)
	service, err := zscaler.NewOneAPIClient(configuration)
	must(err)
	var steps []step
	must(json.NewDecoder(os.Stdin).Decode(&steps))
	var done result
	for _, one := range steps {
		if err := take(service, one); err != nil {
			done.Failed++
			if text := err.Error(); done.FirstError == nil {
				done.FirstError = &text
			}
		}
	}
	must(json.NewEncoder(os.Stdout).Encode(done))
}

func take(service *zscaler.Service, one step) error {
	ctx := context.Background()
	group, _, err := segmentgroup.Get(ctx, service, one.GroupID)
	if err != nil {
		return err
	}
	if one.Description != nil {
		group.Description = *one.Description
	} else {
		group.Applications = append(group.Applications, segmentgroup.Application{ID: one.ApplicationID})
	}
	_, err = segmentgroup.Update(ctx, service, one.GroupID, group)
	return err
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
